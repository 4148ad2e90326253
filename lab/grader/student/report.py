# SPDX-License-Identifier: Apache-2.0
"""A verdict in lines for the student: what became of each step, what is known of those
that failed, how far the student has come, and what to do next."""

from lab.grader import verdict as v
from lab.grader import words
from lab.grader.more_words import pad, visible
from lab.grader.layout import Paint, table, wrap
from lab.grader.student.watch_report import MARKS

COLOUR = {v.PASSED: "green", v.FAILED: "red", v.EMPTY: "yellow", v.COMPILE_ERROR: "red", v.TAMPERED: "red"}
GUIDES = {"en": "Documentation/lab-guide.md", "zh": "Documentation/lab-guide.zh.md"}


class LocalReport:
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
        return words.say(self.lang, key, **names)

    def lines(self, warnings=(), remarks=()):
        out, explained = [], False
        for step in self.verdict.table:
            result = self.verdict.steps[step.id]
            out.append(self.headline(step, result))
            if result.status not in (v.PASSED, v.EMPTY):
                out += self.in_short(step, result) if explained and not self.in_full else self.explain(step, result)
                explained = True
        out.append("")
        if self.verdict.outside_failure:
            out += self.outside_failure(self.verdict.outside_failure) + [""]
        for text in (*self.verdict.outside, *remarks):
            out += wrap(text, 1000) + [""]
        if warnings:
            out += [self.say("warnings")] + ["    " + visible(line) for line in warnings] + [""]
        return out + self.next()

    # --- steps --------------------------------------------------------------------------

    def headline(self, step, result):
        word = v.FAILED if result.failures else result.status
        status = self.paint(COLOUR[result.status], pad(words.say(self.lang, word), 18))
        place = ""
        if result.status != v.PASSED and step.id in self.source.blanks:
            place = f"raft/raft.c:{self.source.blanks[step.id].begins}, "
        return f"{step.id}  {pad(step.marker, 18)} {status} {place}{step.title(self.lang)}"

    def explain(self, step, result):
        if not result.failures:
            return self.reason(result)
        failure = result.failures[0]
        pairs = [("test", self.test(failure, result)), ("about", failure.about), ("expected", failure.expected),
                 ("seen", failure.seen), ("event", failure.event), ("reference", failure.reference),
                 ("yours", failure.yours), ("proof", result.proof), ("think", failure.think),
                 ("read-on", self.where_to_read(step)), ("try", self.commands(step, failure))]
        return self.table(pairs)

    def in_short(self, step, result):
        if not result.failures:
            return self.reason(result)[:4]
        failure = result.failures[0]
        return self.table([("expected", failure.expected), ("seen", failure.seen),
                           ("more", f"./raftLab_test.sh {step.id}")])

    def table(self, pairs):
        return table([(self.say("label-" + name), text) for name, text in pairs if text], 6)

    def reason(self, result):
        """Of a step that was not run."""
        lines = visible(result.diagnostics).split("\n") if result.diagnostics else []
        # The compiler's first line says it all again.
        if not lines or result.reason.split(": ")[-1] not in lines[0]:
            lines = wrap(result.reason, 94) + lines
        return ["      " + line for line in lines]

    def test(self, failure, result):
        place = failure.expectation or failure.place
        text = f"{failure.test}, {place}" if place else failure.test
        failed = len(result.failures)
        if failed > 1:
            text += " " + self.say("test-count", failed=failed)
        return text

    def where_to_read(self, step):
        return self.say("where-to-read", guide=GUIDES[self.lang], marker=step.marker,
                        paper=words.read_on(self.lang, step.read_on))

    def commands(self, step, failure):
        lines = ["hint", "gdb"]
        if failure.result in ("crash", "memory") and not self.san:
            lines.append("sanitize")
        return "\n".join(f"./raftLab_test.sh {name + ' ' + step.id:12} ({self.say('try-' + name)})" for name in lines)

    # --- all of it ----------------------------------------------------------------------

    def outside_failure(self, failure):
        """The student's given code, or the lab itself, is not what it was."""
        if failure.result == "compile-error":
            return [self.say("outside-compile")] + ["    " + visible(line) for line in failure.seen.split("\n")]
        return [self.say("outside-fails")] + self.table(
            [("test", failure.test), ("about", failure.about), ("expected", failure.expected), ("seen", failure.seen)])

    def next(self):
        steps = self.verdict.steps
        marks = "".join(self.paint(COLOUR[s.status], MARKS[s.status]) for s in steps.values())
        passed = sum(s.status == v.PASSED for s in steps.values())
        lines = [f"[{marks}]  " + self.say("progress", passed=passed, all=len(steps))]
        blamed = self.verdict.blamed
        if blamed:
            step = next(s for s in self.verdict.table if s.id == blamed[0].id)
            blank = self.source.blanks.get(step.id)
            where = self.say("next-where", line=blank.begins, function=blank.function) if blank else ""
            lines.append(self.say("next", id=step.id, name=self.paint("bold", step.marker), where=where))
            if blamed[0].status == v.EMPTY:
                lines.append(self.say("next-empty", guide=GUIDES[self.lang], id=step.id))
        passed = self.verdict.verdict == "pass"
        return lines + [self.paint("green" if passed else "red", "PASS" if passed else "FAIL")]
