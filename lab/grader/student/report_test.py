#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the report for students. The last line is "N passed, M failed"."""

import io
import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 4)[0])

from lab.grader import blanks, testing, verdict as v  # noqa: E402 (the path comes first)
from lab.grader.student import report  # noqa: E402
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)


class Lines(unittest.TestCase):
    def verdict(self, **statuses):
        steps = {s.id: v.StepVerdict(s.id, statuses.get(s.id, v.PASSED)) for s in TABLE}
        for step in steps.values():
            if step.status == v.FAILED:
                step.failures = [v.Failure(f"{step.id}_a", "fail", expected="one thing", seen="another", think="why?")]
            if step.status in (v.COMPILE_ERROR, v.TAMPERED):
                step.reason = "raft/raft.c:7: because"
        return v.Verdict("raft/raft.c", TABLE, steps)

    def text(self, verdict, lang="en", **more):
        return "\n".join(report.Report(verdict, PRISTINE, lang, io.StringIO(), **more).lines())

    def test_pass(self):
        text = self.text(self.verdict())
        self.assertTrue(text.endswith("\n[###]  3 of 3 steps passed\nPASS"))
        self.assertNotIn("\x1b", text)

    def test_the_first_in_full(self):
        text = self.text(self.verdict(e1=v.FAILED, r1=v.FAILED))
        self.assertEqual((2, 1), (text.count("another"), text.count("why?")))
        self.assertIn("Next: e1, Election Step1, raft/raft.c:5, first()\nFAIL", text)
        text = self.text(self.verdict(e1=v.FAILED, r1=v.FAILED), in_full=True)
        self.assertEqual(2, text.count("why?"))

    def test_mended_before_filled(self):
        self.assertIn("Next: e2", self.text(self.verdict(e1=v.EMPTY, e2=v.FAILED)))
        self.assertIn("hint e1", self.text(self.verdict(e1=v.EMPTY)))

    def test_other_ends(self):
        text = self.text(self.verdict(e1=v.COMPILE_ERROR, e2=v.TAMPERED), in_full=True)
        self.assertIn("does not compile", text)
        self.assertIn("not judged", text)
        self.assertEqual(2, text.count("because"))
        self.assertIn("[C!#]", text)

    def test_done_what_no_test_may(self):
        verdict = self.verdict(e1=v.TAMPERED)
        verdict.steps["e1"].reason = "exit() is called"
        verdict.steps["e1"].failures = [v.Failure("e1_a", "exit", expected="the end", seen="exit() is called")]
        text = self.text(verdict)
        self.assertRegex(text, r"e1 .* failed ")
        self.assertEqual(1, text.count("exit() is called"))

    def test_outside(self):
        verdict = self.verdict()
        verdict.outside_failure = v.Failure("raft/raft.c", "compile-error", seen="error")
        verdict.outside = ["Changed."]
        text = self.text(verdict)
        self.assertTrue("Changed." in text and "does not compile" in text and text.endswith("FAIL"))

    def test_chinese(self):
        text = self.text(self.verdict(e1=v.FAILED, e2=v.EMPTY), "zh")
        self.assertTrue("未通过" in text and "未填写" in text and "期望" in text)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
