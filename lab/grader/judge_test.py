#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of what judge.py says by itself: proofs. The last line is "N passed, M failed"."""

import os
import sys
import types
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 3)[0])

from lab.grader import testing  # noqa: E402 (the path comes first)
from lab.grader.blame import Blame  # noqa: E402
from lab.grader.judge import Case  # noqa: E402
from lab.grader.testing import TABLE  # noqa: E402


class Proofs(unittest.TestCase):
    def proof(self, blame, together=(), lang="en"):
        case = Case.__new__(Case)
        case.lang = lang
        case.reference = types.SimpleNamespace(source=types.SimpleNamespace(table=TABLE))
        return case.proof("e1", together, blame)

    def test_counts(self):
        """None, one or many other steps that pass together."""
        one, several = {"e1": []}, {"e1": [], "e2": []}
        groups = [(("e1", "e2"), [])]
        for blame, together, en, zh in (
                (Blame(one), (), "in all other steps, Election Step1 fails", "其余各步"),
                (Blame(one, green=("r1",)), (), "and your other step everything passes", "另一步用你的代码"),
                (Blame(one, green=("e2", "r1")), (), "your two other steps everything passes", "其余两步用你的代码"),
                (Blame(several, green=()), (), "in all other steps, Election Step1 fails", "其余各步"),
                (Blame(several, green=("r1",)), (), "your one right step passes", "做对的那一步通过"),
                (Blame(several, green=("r1", "r2", "r3")), (), "your three right steps pass together", "做对的三步合"),
                (Blame(groups=groups, green=()), groups[0][0], "in the others; together they fail", "合在一起就失败"),
                (Blame(groups=groups, green=("r1",)), groups[0][0], "and your other step everything", "另一步用你的"),
                (Blame(groups=groups, green=("r1", "r2")), groups[0][0], "your two other steps", "其余两步用你的")):
            self.assertIn(en, self.proof(blame, together))
            self.assertIn(zh, self.proof(blame, together, "zh"))


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
