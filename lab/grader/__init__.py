# SPDX-License-Identifier: Apache-2.0
"""The grader of the lab: which of a student's steps are wrong, proved by putting the
reference text of a step in the place of the student's."""
