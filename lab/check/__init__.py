# SPDX-License-Identifier: Apache-2.0
"""Tests of the lab itself, as students and teachers use it: see lab/check.py."""
