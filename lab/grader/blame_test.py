#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of how blame is found, with programs that are made up: which tests fail with which
steps of the student's. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from lab.grader import testing  # noqa: E402 (the path comes first)
from lab.grader.blame import find_blame  # noqa: E402
from lab.grader.program import Result, read_report, unescape  # noqa: E402

IDS = ["e1", "e2", "e3", "r1", "r2"]
TESTS = [id_ + "_own" for id_ in IDS] + ["all_short", "all_random_lives"]
SHORT = ["=all_short"]


def matches(name, pattern):
    return name == pattern[1:] if pattern.startswith("=") else name.startswith(pattern[:-1])


class Fake:
    """fails: {test: a function of the student's steps}"""

    def __init__(self, **fails):
        self.fails = fails
        self.runs = []

    def run(self, students, patterns, jobs):
        del jobs
        self.runs.append((tuple(students), tuple(patterns)))
        names = [t for t in TESTS if not patterns or any(matches(t, p) for p in patterns)]
        return [Result(t, self.fails[t](set(students)) or "pass" if t in self.fails else "pass") for t in names]

    def blame(self, ids=IDS, trusted=()):
        return find_blame(ids, SHORT, self.run, 2, trusted)


def has(*ids, result="fail"):
    return lambda students: result if set(ids) <= students else ""


class Blame(unittest.TestCase):
    def test_nobody(self):
        blame = Fake().blame()
        self.assertEqual((set(), tuple(IDS), []), (blame.blamed, blame.green, blame.reference))
        self.assertEqual({id_: 2 for id_ in IDS}, blame.tests)

    def test_nothing_to_judge(self):
        fake = Fake()
        self.assertEqual(set(), fake.blame([]).blamed)
        self.assertEqual([], fake.runs)

    def test_by_own_test(self):
        blame = Fake(e2_own=has("e2")).blame()
        self.assertEqual(({"e2"}, ("e1", "e3", "r1", "r2")), (blame.blamed, blame.green))
        self.assertEqual(["e2_own"], [r.name for r in blame.failures["e2"]])

    def test_by_a_test_of_all(self):
        self.assertEqual({"r1"}, Fake(all_short=has("r1")).blame().blamed)

    def test_by_a_test_that_is_run_once(self):
        blame = Fake(all_random_lives=has("r1")).blame()
        self.assertEqual(({"r1"}, []), (blame.blamed, blame.groups))

    def test_by_another_steps_test(self):
        self.assertEqual({"r2"}, Fake(e1_own=has("r2")).blame().blamed)

    def test_two_at_once(self):
        blame = Fake(e1_own=has("e1"), all_short=lambda s: "fail" if "e1" in s or "r2" in s else "").blame()
        self.assertEqual(({"e1", "r2"}, ("e2", "e3", "r1")), (blame.blamed, blame.green))

    def test_one_hides_the_other(self):
        hidden = Fake(e1_own=has("e1"), all_random_lives=lambda s: "fail" if "r2" in s and "e1" not in s else "")
        self.assertEqual({"e1", "r2"}, hidden.blame().blamed)

    def test_only_together(self):
        blame = Fake(all_random_lives=has("e2", "r1")).blame()
        self.assertEqual([("e2", "r1")], [ids for ids, _ in blame.groups])
        self.assertEqual(({}, ("e1", "e3", "r2")), (blame.failures, blame.green))

    def test_two_groups(self):
        blame = Fake(all_short=has("e1", "e2"), all_random_lives=has("e3", "r1", "r2")).blame()
        self.assertEqual([("e1", "e2"), ("e3", "r1", "r2")], sorted(ids for ids, _ in blame.groups))

    def test_the_reference_fails(self):
        blame = Fake(all_short=lambda s: "reference").blame()
        self.assertEqual((set(), None), (blame.blamed, blame.green))
        self.assertTrue(blame.reference)

    def test_trusted_steps_are_not_tried_alone(self):
        fake = Fake(e1_own=has("e1"))
        fake.blame(trusted=("e2", "e3", "r1", "r2"))
        self.assertEqual({("e1",), ("e2", "e3", "r1", "r2")}, {ids for ids, _ in fake.runs})

    def test_what_fails_but_once_blames_nobody(self):
        once = ["fail"]
        blame = Fake(all_random_lives=lambda s: once.pop() if once else "").blame()
        self.assertEqual(set(), blame.blamed)


class Report(unittest.TestCase):
    def test_lines(self):
        line = ("e5_a\tcrash\t0.1\traft/raft.c:7\traft/raft.c:7 lab/x_test.c:3\tSegmentation fault\t"
                "about: one\\nthink: t\\nabout: two\\nand more\\ndeparts: a\\\\b\\tc")
        result, = read_report(line + "\nnonsense\n")
        self.assertEqual(("e5_a", "crash", "raft/raft.c:7", "Segmentation fault"),
                         (result.name, result.result, result.place, result.message))
        self.assertEqual(("raft/raft.c:7", "lab/x_test.c:3"), result.backtrace)
        self.assertEqual(("two\nand more", "t", "a\\b\tc", ""), tuple(map(result.note, (
            "about", "think", "departs", "yours"))))

    def test_nothing_known(self):
        result, = read_report("e5_a\tpass\t0.1\t-\t-\t\n")
        self.assertEqual((True, "", (), "", ()), (result.passed, result.place, result.backtrace, result.message,
                                                 result.notes))

    def test_unescape(self):
        self.assertEqual("a\nb\tc\\n\\x", unescape("a\\nb\\tc\\\\n\\x"))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
