#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the lab itself, where its solutions are:

    make check-lab        or        python3 -B lab/check.py [WORD...]

First whether the course is whole: each step of lab/steps/steps.tsv with its texts, hints,
solution, tests and comments in raft/raft.c. Then, in a handout made for the purpose in a
scratch directory, all that students do and all that befalls them. With WORDs only what has
one of them in its name. The last line is "N passed, M failed"."""

import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[0] = TOP

from lab.check.suite import main  # noqa: E402  pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(main(TOP, sys.argv[1:]))
