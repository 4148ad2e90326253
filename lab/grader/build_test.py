#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what the compiler says. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import build, testing  # noqa: E402 (the path comes first)


class Compiler(unittest.TestCase):
    LOG = ("raft/raft.c: In function 'f':\nraft/raft.c:7:3: warning: unused 'x' [-W]\n    7 | int x;\n      |     ^\n"
           "raft/raft.c:9:4: error: 'a' undeclared\nraft/raft.c:9:4: note: once\nreference:1:2: error: no\n"
           "/a b/raft/raft.c:11: undefined reference to `z'\ncollect2: error: ld returned 1\n")

    def test_words(self):
        log = build.Compiled(False, self.LOG)
        self.assertEqual([9, 11], log.places)
        self.assertEqual(3, len(log.warnings))
        self.assertIn("\nraft/raft.c:11: undefined reference", log.errors)
        self.assertNotIn("unused", log.errors)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
