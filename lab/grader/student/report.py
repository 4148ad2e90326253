# SPDX-License-Identifier: Apache-2.0
"""A verdict in lines for the student: what became of each step, what is known of those
that failed, how far the student has come, and what to do next."""

from lab.grader import verdict as v
from lab.grader.explain import outside_lines, short_lines, step_lines
from lab.grader.layout import Paint, pad, visible
from lab.grader.words import say

COLOUR = {v.PASSED: "green", v.FAILED: "red", v.EMPTY: "yellow", v.COMPILE_ERROR: "red", v.TAMPERED: "red"}
MARKS = {v.PASSED: "#", v.FAILED: "X", v.EMPTY: "-", v.COMPILE_ERROR: "C", v.TAMPERED: "!"}
INDENT = "      "


def fate(found):
    """What became of a step. Whose code did what no test may reads what happened, as of any
    other failure; a teacher is told that it was tampered with."""
    return v.FAILED if found.failures else found.status


class Report:
    """lines() is all of it. in_full: explain each step that failed, and not only the first in
    full and the others in short; san: whether it was run with sanitizers."""

    def __init__(self, verdict, source, lang, out, in_full=False, san=False):
        self.verdict = verdict
        self.source = source
        self.lang = lang
        self.paint = Paint(out)
        self.in_full = in_full
        self.san = san

    def say(self, key, **names):
        return say(self.lang, key, **names)

    def lines(self, warnings=(), remarks=()):
        """warnings: of the compiler; remarks: what else there is to say."""
        out, explained = [], False
        for step in self.verdict.table:
            out.append(self.headline(step))
            if self.verdict.steps[step.id].status not in (v.PASSED, v.EMPTY):
                out += self.explain(step, explained and not self.in_full)
                explained = True
        out += [""] + self.outside()
        for text in remarks:
            out += [visible(text), ""]
        if warnings:
            out += [self.say("warnings")] + ["    " + visible(line) for line in warnings] + [""]
        passed = self.verdict.verdict == "pass"
        last = self.paint("green", "PASS") if passed else self.paint("red", "FAIL")
        return out + [self.bar(), *self.next(), last]

    # --- steps --------------------------------------------------------------------------

    def headline(self, step):
        found = self.verdict.steps[step.id]
        word = "not-judged" if fate(found) == v.TAMPERED else fate(found)
        status = self.paint(COLOUR[found.status], pad(self.say(word), 18))
        place = ""
        if found.status != v.PASSED and step.id in self.source.blanks:
            place = f"raft/raft.c:{self.source.blanks[step.id].begins}, "
        return f"{step.id}  {pad(step.marker, 18)} {status} {place}{step.title(self.lang)}"

    def explain(self, step, in_short=False):
        found = self.verdict.steps[step.id]
        lines = short_lines(step, found, self.lang) if in_short else step_lines(step, found, self.lang, self.san)
        return [INDENT + line for line in lines]

    def first_failed(self):
        """What is known of the first step that failed."""
        step = self.first_to_mend()
        if not step or self.verdict.steps[step.id].status == v.EMPTY:
            return []
        return ["", self.headline(step)] + self.explain(step)

    # --- all of it ----------------------------------------------------------------------

    def outside(self):
        """What there is to say of the code outside the blanks."""
        failure = self.verdict.outside_failure
        lines = outside_lines(failure, self.lang) + [""] if failure else []
        for text in self.verdict.outside:
            lines += [visible(text), ""]
        return lines

    def bar(self):
        """[##X-------]  2 of 10 steps passed"""
        steps = self.verdict.steps.values()
        marks = "".join(self.paint(COLOUR[s.status], MARKS[fate(s)]) for s in steps)
        passed = sum(s.status == v.PASSED for s in steps)
        return f"[{marks}]  " + self.say("progress", passed=passed, all=len(steps))

    def first_to_mend(self):
        blamed = self.verdict.blamed
        return next((s for s in self.verdict.table if s.id == blamed[0].id), None) if blamed else None

    def next(self):
        """Which step to mend or to fill in, if any."""
        step = self.first_to_mend()
        if not step:
            return []
        blank = self.source.blanks.get(step.id)
        where = self.say("next-where", line=blank.begins, function=blank.function) if blank else ""
        lines = [self.say("next", id=step.id, name=self.paint("bold", step.marker), where=where)]
        if self.verdict.steps[step.id].status == v.EMPTY:
            lines.append(self.say("next-empty", guide=self.say("guide"), id=step.id))
        return lines
