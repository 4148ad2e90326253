#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the banks of fillings, and of how they are measured. The last line is
"N passed, M failed"."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 4)[0])

from lab.grader import testing, verdict as v  # noqa: E402 (the path comes first)
from lab.grader.blanks import Source  # noqa: E402
from lab.grader.steps import Step  # noqa: E402
from lab.grader.teacher.bank import BadFilling, Filling, graft, read_bank  # noqa: E402
from lab.grader.teacher.check_grader import Case, make_cases, select, unknown  # noqa: E402

TABLE = [Step(id_, marker, 10, "the paper", "a title", "题目") for id_, marker in
         (("e1", "Election Step1"), ("e2", "Election Step2"), ("r1", "Replication Step1"))]
FILE = """\
void f(void)
{
	/* RaftLab Election Step1: count */
	a++;
	/* RaftLab Election Step1 end */
	/* RaftLab Election Step2: go on */
	b++;
	/* RaftLab Election Step2 end */
}
"""


def read(name, content, kind="mistakes"):
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, kind)
        os.mkdir(folder)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content.encode())
        return read_bank(folder, TABLE)


def wrong(step, name="wrong", verdict="fail", **fields):
    return Filling(f"{step}-{name}", {"step": step, "verdict": verdict, **fields}, "x;\n")


def judged(case, **statuses):
    steps = {s.id: v.StepVerdict(s.id, statuses.get(s.id, v.PASSED)) for s in TABLE}
    case.verdict = v.Verdict("a.c", TABLE, steps)
    return case


class Files(unittest.TestCase):
    GOOD = "/* step: e1\n * wrong: one\n *        and the same\n * met: here\n * verdict: fail\n */\na--;\n"

    def test_fields_and_text(self):
        filling, = read("e1-a.c", self.GOOD)
        self.assertEqual((filling.name, filling.step, filling.verdict), ("e1-a", "e1", "fail"))
        self.assertEqual(filling.fields["wrong"], "one and the same")
        self.assertEqual(filling.text, "a--;\n")

    def test_windows_line_ends_stay_in_the_text(self):
        filling, = read("e1-a.c", self.GOOD.replace("\n", "\r\n"))
        self.assertEqual((filling.fields["met"], filling.text), ("here", "a--;\r\n"))

    def test_alternative_passes(self):
        filling, = read("e2-a.c", "/* step: e2\n * right: so\n */\nb += 1;", "alternatives")
        self.assertEqual((filling.verdict, filling.text), ("pass", "b += 1;"))

    def test_what_is_wrong_is_told(self):
        for name, old, new, word in (
                ("e1-a.c", " * met: here\n", "", "met is missing"),
                ("e1-a.c", "met:", "mat:", "met is missing"),
                ("e1-a.c", " * met", " * mat: x\n * met", "mat is not known"),
                ("e9-a.c", "step: e1", "step: e9", "no step e9"),
                ("e2-a.c", "", "", "begin with e1-"),
                ("e1-a.c", "verdict: fail", "verdict: bad", "verdict is one of"),
                ("e1-a.c", "verdict: fail", "verdict: pass", "needs a proof"),
                ("e1-a.c", "/* step", "// step", "comment of fields")):
            with self.assertRaises(BadFilling) as caught:
                read(name, self.GOOD.replace(old, new, 1) if old else self.GOOD)
            self.assertIn(word, str(caught.exception))
            self.assertIn(name, str(caught.exception))


class Grafts(unittest.TestCase):
    def setUp(self):
        self.source = Source(FILE, TABLE[:2])

    def test_text_takes_the_place_of_the_blank(self):
        text = graft(self.source, {"e2": "c++;\n"})
        self.assertEqual(text, FILE.replace("\tb++;\n", "c++;\n"))

    def test_bytes_stay(self):
        text = graft(self.source, {"e1": "\r\na--;\r\n", "e2": "b--;"})
        self.assertIn("\r\na--;\r\n\t/* RaftLab Election Step1 end", text)
        self.assertIn("\nb--;/* RaftLab Election Step2 end", text)


class Cases(unittest.TestCase):
    def test_worst_step_decides(self):
        case = Case("pairs", [wrong("e1"), wrong("e2", verdict="compile-error")])
        self.assertEqual((case.expected, case.to_name), ("compile-error", ["e1", "e2"]))

    def test_caught_and_named(self):
        case = judged(Case("mistakes", [wrong("e2")]), e2=v.FAILED)
        self.assertTrue(all(holds for holds, _ in case.checks))
        case = judged(Case("mistakes", [wrong("e2")]), e1=v.FAILED, e2=v.FAILED)
        self.assertEqual([holds for holds, _ in case.checks], [True, False])

    def test_not_judged_is_not_caught(self):
        self.assertFalse(Case("mistakes", [wrong("e1")]).caught)

    def test_end_by_force_is_to_be_told(self):
        case = judged(Case("mistakes", [wrong("e1", ends="crash")]), e1=v.FAILED)
        self.assertFalse(case.checks[-1][0])
        case.verdict.steps["e1"].failures = [v.Failure("e1_a", "crash")]
        self.assertTrue(case.checks[-1][0])

    def test_same_cases_each_time(self):
        mistakes = [wrong(id_, name) for id_ in ("e1", "e2", "r1") for name in "abc"]
        right = [Filling(f"{id_}-{n}", {"step": id_}, "y;\n") for id_ in ("e1", "e2", "r1") for n in "de"]
        labels = [[c.label for c in make_cases(TABLE, mistakes, right)] for _ in range(2)]
        self.assertEqual(*labels)
        groups = {c.group for c in make_cases(TABLE, mistakes, right)}
        self.assertEqual(groups, {"reference", "mistakes", "pairs", "triples", "alternatives", "combinations"})

    def test_step_without_fillings(self):
        cases = make_cases(TABLE, [wrong("e1")], [])
        self.assertEqual([c.group for c in cases if c.texts], ["mistakes"])

    def test_patterns(self):
        cases = make_cases(TABLE, [wrong("e1"), wrong("e2")], [])
        self.assertEqual([c.label for c in select(cases, ["e2"])][1:], ["e2-wrong"])
        self.assertEqual([c.group for c in select(cases, ["pairs"])], ["reference", "pairs"])
        self.assertEqual(unknown([wrong("e1")], [], ["e1", "e1-*", "pairs", "e7"]), ["e7"])


if __name__ == "__main__":
    sys.exit(testing.main(sys.modules[__name__]))
