#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the command line. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import options, testing  # noqa: E402 (the path comes first)
from lab.grader.testing import TABLE  # noqa: E402


class Options(unittest.TestCase):
    def parse(self, line, **environ):
        return options.parse(line.split(), TABLE, environ)

    def test_commands(self):
        for line, command, ids in (("", "test", []), ("e2 e1", "test", ["e1", "e2"]), ("E1", "test", ["e1"]),
                                   ("election", "test", ["e1", "e2"]), ("all", "test", ["e1", "e2", "r1"]),
                                   ("election-2 r1", "test", ["e2", "r1"]), ("sanitize", "sanitize", []),
                                   ("sanitize r1", "sanitize", ["r1"]), ("gdb e1", "gdb", ["e1"]),
                                   ("--watch", "watch", []), ("watch e1", "watch", ["e1"])):
            found = self.parse(line)
            self.assertEqual((command, ids, False), (found.command, found.ids, found.help), line)

    def test_of_others(self):
        for line, command, rest in (("hint e1 2", "hint", ["e1", "2"]),
                                    ("--grade a.c --json -h", "grade", ["a.c", "--json", "-h"])):
            found = self.parse(line)
            self.assertEqual((command, rest), (found.command, found.rest))

    def test_language(self):
        for line, environ, lang in (("", {}, "en"), ("--lang zh", {}, "zh"), ("e1 --lang=zh", {}, "zh"),
                                    ("", {"LANG": "zh_CN.UTF-8"}, "zh"), ("", {"LANG": "C"}, "en"),
                                    ("", {"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
                                    ("", {"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh"),
                                    ("--lang en", {"LANG": "zh_CN"}, "en"), ("hint e1 --lang zh", {}, "zh")):
            self.assertEqual(lang, self.parse(line, **environ).lang, line)

    def test_refused(self):
        for line in ("x7", "--lang", "--lang fr", "--lang=", "--nothing", "-x", "gdb", "gdb e1 e2", "e1 gdb", "gdb x",
                     "--watch x"):
            with self.assertRaises(options.UsageError, msg=line):
                self.parse(line)

    def test_usage(self):
        self.assertTrue(self.parse("-h").help and self.parse("gdb --help").help)
        for lang in ("en", "zh"):
            self.assertIn("election", options.usage(TABLE, lang))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
