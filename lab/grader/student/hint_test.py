#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the hints, and the command that shows them. The last line is "N passed, M failed"."""

import contextlib
import io
import os
import re
import sys
import unicodedata
import unittest

TOP = os.path.abspath(__file__).rsplit("/", 4)[0]
sys.path.insert(0, TOP)

from lab.grader import testing  # noqa: E402 (the path comes first)
from lab.grader.options import UsageError  # noqa: E402
from lab.grader.student import hint  # noqa: E402
from lab.grader.steps import read_steps  # noqa: E402

STEPS = read_steps()
COLUMNS = 80  # of a terminal; hints are shown as they stand in their files


def run(*argv, lang="en"):
    """(status, what was printed, what was printed as an error)"""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            status = hint.main(list(argv), lang)
        except UsageError as error:
            return 2, out.getvalue(), str(error)
    return status, out.getvalue(), ""


def squeezed(text):
    return re.sub(r"\s+", "", re.sub(r"//.*|/\*.*?\*/", "", text))


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Texts(unittest.TestCase):
    def test_each_step_has_three_hints_in_both_languages(self):
        for step in STEPS:
            for lang in ("en", "zh"):
                hints = hint.read_hints(step, lang)
                self.assertEqual(sorted(hints), list(hint.LEVELS), f"{step.id} {lang}")
                self.assertTrue(all(hints.values()), f"{step.id} {lang}")

    def test_the_chinese_ones_are_chinese(self):
        for step in STEPS:
            for level, text in hint.read_hints(step, "zh").items():
                self.assertRegex(text, r"[\u4e00-\u9fff]{2}", f"{step.id} {level}")

    def test_they_fit_into_a_terminal(self):
        for step in STEPS:
            for lang in ("en", "zh"):
                for line in "\n".join(hint.read_hints(step, lang).values()).split("\n"):
                    self.assertLessEqual(columns(line), COLUMNS, line)

    def test_none_tells_the_solution(self):
        for step in STEPS:
            path = os.path.join(step.folder, "solution.c")
            if not os.path.exists(path):
                continue  # a student's tree
            with open(path, encoding="utf-8") as file:
                solution = squeezed(file.read())
            for lang in ("en", "zh"):
                for level, text in hint.read_hints(step, lang).items():
                    self.assertNotIn(solution, squeezed(text), f"{step.id} {lang} {level}")

    def test_names_of_code_exist(self):
        words = set()
        for folder, _, names in os.walk(os.path.join(TOP, "raft")):
            for name in names:
                if name.endswith((".c", ".h")):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        words.update(re.findall(r"\w+", file.read()))
        for step in STEPS:
            for lang in ("en", "zh"):
                for text in hint.read_hints(step, lang).values():
                    for name in re.findall(r"`(\w+_\w+)(?:\(.*?\))?`", text):
                        self.assertIn(name, words | {"raft_bcast_"}, f"{step.id} {lang}")


class Command(unittest.TestCase):
    def test_the_first_hint_comes_without_a_number(self):
        self.assertEqual(run("e5"), run("e5", "1"))
        status, out, err = run("e5")
        self.assertEqual((status, err), (0, ""))
        self.assertTrue(out.startswith("e5  Election Step5: Grant a vote (hint 1 of 3)\n"), out)
        self.assertIn("./raftLab_test.sh hint e5 2", out)

    def test_each_level_shows_its_own_hint_alone(self):
        for step in STEPS:
            for lang in ("en", "zh"):
                hints = hint.read_hints(step, lang)
                for level in hint.LEVELS:
                    _, out, _ = run(step.id, str(level), lang=lang)
                    shown = [n for n in hint.LEVELS if hints[n] in out]
                    self.assertEqual(shown, [level])

    def test_the_last_hint_promises_no_other(self):
        _, out, _ = run("r4", "3")
        self.assertNotIn("hint r4", out)
        self.assertIn("./raftLab_test.sh r4\n", out)

    def test_in_chinese(self):
        status, out, _ = run("e5", lang="zh")
        self.assertEqual(status, 0)
        self.assertTrue(out.startswith("e5  Election Step5：投出赞成票（第 1 条提示，共 3 条）\n"), out)

    def test_other_names_of_a_step(self):
        for name in ("E5", "election-5", "Election Step5"):
            self.assertEqual(run(name), run("e5"))

    def test_without_a_step_it_says_how_it_is_used(self):
        status, out, _ = run()
        self.assertEqual(status, 2)
        for step in STEPS:
            self.assertIn(f"{step.id}  {step.marker}: {step.title_en}\n", out)
        self.assertEqual(run("-h")[0], 0)

    def test_what_there_is_not(self):
        for argv, said in ((["e9"], 'no step "e9"; the steps are e1 e2'), (["e5", "4"], 'no hint "4"'),
                           (["e5", "0"], 'no hint "0"'), (["e5", "r1"], "one step at a time"),
                           (["e5", "1", "2"], "one step at a time")):
            status, out, err = run(*argv)
            self.assertEqual((status, out), (2, ""))
            self.assertIn(said, err)
            self.assertRegex(run(*argv, lang="zh")[2], r"[\u4e00-\u9fff]")


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
