#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what was changed outside the blanks. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import blanks, outside, testing  # noqa: E402 (the path comes first)
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)


class Outside(unittest.TestCase):
    def lines(self, text):
        return outside.changed_lines(blanks.Source(text, TABLE), PRISTINE)

    def test_unchanged(self):
        for text in (TEXT, TEXT.expandtabs(3), TEXT + "\n\n", TEXT.replace("x++", "x += 2;\n\n\nx--"),
                     TEXT.replace("\n", "\r\n")):
            self.assertEqual([], self.lines(text))

    def test_changed(self):
        self.assertEqual([3], self.lines(TEXT.replace("int first", "/* mine */\nint first")))
        self.assertEqual([15], self.lines(TEXT.replace("return x;", "return x + 1;")))
        both = TEXT.replace("int first", "int a;\nint first").replace("return x", "return a")
        self.assertEqual([3, 16], self.lines(both))
        self.assertEqual(1, len(self.lines(TEXT.replace("\treturn x;\n", ""))))
        self.assertEqual([26], self.lines(TEXT + "int last;\n"))
        self.assertEqual(1, len(self.lines("")))
        self.assertEqual(1, len(self.lines(TEXT + "int last;\n" * 9999)))

    def test_places(self):
        self.assertEqual("raft/raft.c:1 raft/raft.c:2 raft/raft.c:3 ...", outside.places([1, 2, 3, 4]))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
