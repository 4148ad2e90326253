#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what is said to people. The last line is "N passed, M failed"."""

import os
import re
import string
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import testing, words  # noqa: E402 (the path comes first)
from lab.grader.words import judging, student, teacher  # noqa: E402


class Words(unittest.TestCase):
    def test_both_languages_name_the_same(self):
        self.assertEqual(len(words.WORDS), sum(len(area.WORDS) for area in (judging, student, teacher)))
        for key, (en, zh) in words.WORDS.items():
            fields = [sorted({name for _, name, _, _ in string.Formatter().parse(text) if name}) for text in (en, zh)]
            self.assertEqual(*fields, key)
            if re.search(r"[a-z]{4}", re.sub(r"\{.*?\}|\S*[./_]\S*", "", en)) and key != "label-more":
                self.assertRegex(zh, "[\u4e00-\u9fff]", key)

    def test_nothing_is_said_twice(self):
        texts = [en for en, _ in words.WORDS.values()]
        self.assertEqual([], [text for text in texts if texts.count(text) > 1])

    def test_join_and_number(self):
        self.assertEqual(["", "A", "A and B", "A, B and C"], [words.join("en", "ABC"[:n]) for n in range(4)])
        self.assertEqual("A、B和 C", words.join("zh", "ABC"))
        self.assertEqual(("two", "两", "70"), (words.number("en", 2), words.number("zh", 2), words.number("en", 70)))

    def test_read_on(self):
        self.assertEqual("Raft 论文 5.2 节和图 2（RequestVote）",
                         words.read_on("zh", "Raft paper, section 5.2 and figure 2 (RequestVote)"))
        self.assertEqual("Raft 论文 5.3、5.4.2 节", words.read_on("zh", "Raft paper, sections 5.3 and 5.4.2"))
        self.assertEqual("thesis", words.read_on("zh", "thesis"))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
