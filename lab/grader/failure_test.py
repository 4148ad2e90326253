#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of how a test ended, in words. The last line is "N passed, M failed"."""

import os
import sys
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import blanks, failure, testing  # noqa: E402 (the path comes first)
from lab.grader.program import Result  # noqa: E402
from lab.grader.testing import TABLE, TEXT  # noqa: E402

PRISTINE = blanks.Source(TEXT, TABLE)


class Failures(unittest.TestCase):
    def make(self, **more):
        values = {"name": "e1_a", "result": "fail", **more}
        return failure.make_failure(Result(**values), PRISTINE, "en")

    def test_expectation(self):
        f = self.make(message="expected: one\nmore\nseen: two", place="lab/x_test.c:3", notes=("think: why?",))
        self.assertEqual(("one\nmore", "two", "lab/x_test.c:3", "", "why?"),
                         (f.expected, f.seen, f.expectation, f.place, f.think))

    def test_place_in_a_blank(self):
        f = self.make(result="panic", message="no", place="raft/util.c:1",
                      backtrace=("raft/util.c:1", "raft/raft.c:17", "raft/raft.c:7", "lab/x_test.c:3"))
        self.assertEqual(("raft/raft.c:7", "lab/x_test.c:3"), (f.place, f.expectation))
        self.assertEqual("raft stops the program: no, at raft/raft.c:7", f.seen)
        self.assertEqual("raft/raft.c:17", self.make(result="crash", backtrace=("raft/raft.c:17",)).place)

    def test_how_it_ended(self):
        for result, word in (("timeout", "endless loop"), ("exit", "exit()"), ("memory", "memory ran out"),
                             ("forbidden", "the code calls open"), ("crash", "a crash: open")):
            self.assertIn(word, self.make(result=result, message="open").seen)
        self.assertIn("stack is full", self.make(result="crash", backtrace=("raft/raft.c:7",) * 9).seen)
        self.assertIn("AddressSanitizer: heap-use-after-free", self.make(
            result="crash", printed="==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1 at\n").seen)

    def test_cut_off_in_an_event(self):
        """What the reference does in it is what was expected; how it ended is told once."""
        notes = ("departs: a tick passes", "reference: node 1 sends MsgVote", "yours: the program crashes: Aborted")
        f = self.make(result="crash", message="Aborted", notes=notes)
        self.assertEqual(("node 1 sends MsgVote", "a crash: Aborted", "a tick passes", "", ""),
                         (f.expected, f.seen, f.event, f.reference, f.yours))
        f = self.make(result="panic", message="no", notes=(notes[0], "yours: raft stops the program: no"))
        self.assertEqual(("the test comes to its end", "a tick passes", ""), (f.expected, f.event, f.yours))

    def test_ends_long_after_the_departure(self):
        notes = ("departs: a tick passes", "reference: node 1 sends MsgVote", "yours: node 1 sends nothing")
        f = self.make(result="timeout", notes=notes)
        self.assertEqual(("the test comes to its end", "an endless loop", "node 1 sends MsgVote",
                          "node 1 sends nothing"), (f.expected, f.seen, f.reference, f.yours))

    def test_most_telling(self):
        crash, vague = Result("e1_a", "crash"), Result("e1_b", "fail", message="departed")
        telling, other = Result("e1_c", "fail", message="expected: a\nseen: b"), Result("election_a", "fail")
        rank = [r.name for r in failure.most_telling([other, crash, vague, telling], "e1")]
        self.assertEqual(["e1_c", "e1_b", "e1_a", "election_a"], rank)
        self.assertEqual("e1_a", failure.most_telling([telling, crash], "e1", True)[0].name)


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
