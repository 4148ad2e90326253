#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of text in columns. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import layout, testing  # noqa: E402 (the path comes first)


class Columns(unittest.TestCase):
    def test_wrap(self):
        self.assertEqual(["one two", "three"], layout.wrap("one two three", 9))
        self.assertEqual(["averylongword", "x"], layout.wrap("averylongword x", 4))
        self.assertEqual(["节点 1 发", "送。"], layout.wrap("节点 1 发送。", 10))
        self.assertEqual(["a", "", "b"], layout.wrap("a\n\nb", 10))
        text = "节点 3 发送 MsgVoteResp 3->2 任期 4 赞成，选票投给了节点 2；然后（再一次）等待。" * 4
        for columns in (20, 33, 80):
            lines = layout.wrap(text, columns)
            self.assertEqual(text.replace(" ", ""), "".join(lines).replace(" ", ""))
            self.assertTrue(all(layout.width(line) <= columns and line[0] not in "，；。）" for line in lines))

    def test_nothing_reaches_the_terminal(self):
        self.assertEqual(["a\\x1b[2Jb\\xb5"], layout.wrap("a\x1b[2Jb\udcb5", 80))
        self.assertEqual("a b\\x1b\\x9b\\x00\\xff\n中", layout.visible("a\tb\x1b\x9b\x00\udcff\n中"))

    def test_pad_counts_columns(self):
        self.assertEqual(["通过  ", "  通过"], [layout.pad("通过", 6), layout.pad_left("通过", 6)])

    def test_table(self):
        self.assertEqual(["看到  一", "a     b", "      c"], layout.table([("看到", "一"), ("a", "b\nc")]))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
