# SPDX-License-Identifier: Apache-2.0
"""What a teacher runs: --grade and its formats, and what measures the grader."""
