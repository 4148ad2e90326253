# SPDX-License-Identifier: Apache-2.0
"""What --watch shows: after each save, how far the student has come, what is wrong with
the first step that is, and what to do next."""

import os
import time

from lab.grader import verdict as v
from lab.grader.teacher.explain import failure_line, step_lines
from lab.grader.more_words import say, visible

MARKS = {v.PASSED: "#", v.FAILED: "X", v.EMPTY: "-", v.COMPILE_ERROR: "C", v.TAMPERED: "!"}
COLOURS = {v.PASSED: "32", v.FAILED: "31", v.EMPTY: "33", v.COMPILE_ERROR: "31", v.TAMPERED: "31"}
CLEAR = "\033[H\033[2J\033[3J"


class WatchReport:
    def __init__(self, out, table, lang, file):
        self.out = out
        self.table = table
        self.lang = lang
        self.file = file
        self.tty = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.colour = self.tty and not os.environ.get("NO_COLOR")

    def say(self, key, **values):
        self.print(say(self.lang, key, **values))

    def print(self, text=""):
        print(text, file=self.out, flush=True)

    def paint(self, status, text):
        return f"\033[{COLOURS[status]}m{text}\033[0m" if self.colour else text

    # --- what happens -----------------------------------------------------------------------

    def watching(self):
        self.clear()
        self.say("watching", file=self.file)

    def gone(self):
        self.say("gone", file=self.file)

    def saved(self, changed):
        """changed: the ids of the steps that were changed, or None."""
        self.clear()
        now = time.strftime("%H:%M:%S")
        if changed:
            said = say(self.lang, "saved step", file=self.file, steps=" ".join(changed))
        else:
            said = say(self.lang, "saved", file=self.file)
        self.print(f"{now}  {said}")

    def first(self, verdict, ids):
        """What became of the steps that were changed; the others are not judged yet."""
        for step in self.table:
            if step.id in ids:
                status = verdict.steps[step.id].status
                self.say("first", step=step.id, title=step.title(self.lang),
                         status=self.paint(status, say(self.lang, status)))

    def whole(self, verdict, source, wanted):
        ids = wanted or [step.id for step in self.table]
        self.print(self.bar(verdict, ids))
        for line in verdict.outside:
            self.print(visible(line))
        blamed = [s for s in verdict.blamed if s.id in ids]
        if blamed and blamed[0].status != v.EMPTY:
            self.explain(verdict, blamed[0])
        elif verdict.outside_failure:
            self.print(failure_line(verdict.outside_failure, self.lang))
        self.print()
        if blamed:
            self.next(blamed[0], source)
        elif verdict.verdict == "pass":
            self.print(self.paint(v.PASSED, say(self.lang, "done")))

    def broken(self, why):
        self.say("judge failed")
        self.print(visible(why))

    def ready(self):
        self.say("ready")

    def leave(self):
        """The shell's prompt belongs at the beginning of a line, behind the ^C."""
        if self.tty:
            self.print()

    # --- its parts ----------------------------------------------------------------------------

    def clear(self):
        if self.tty:
            self.out.write(CLEAR)

    def bar(self, verdict, ids):
        """[##X-------]  2 of 10 steps"""
        steps = [verdict.steps[id_] for id_ in ids]
        marks = "".join(self.paint(s.status, MARKS[s.status]) for s in steps)
        passed = sum(s.status == v.PASSED for s in steps)
        return f"[{marks}]  {say(self.lang, 'progress', passed=passed, all=len(steps))}"

    def explain(self, verdict, found):
        step = next(s for s in self.table if s.id == found.id)
        status = self.paint(found.status, say(self.lang, found.status))
        self.print()
        self.print(f"{step.id}  {step.marker} ({step.title(self.lang)}): {status}")
        for line in step_lines(verdict, found, self.lang):
            self.print("    " + line)

    def next(self, found, source):
        step = next(s for s in self.table if s.id == found.id)
        blank = source.blanks.get(step.id)
        names = {"step": step.marker, "title": step.title(self.lang)}
        if blank:
            self.say("next", file=self.file, line=blank.first, **names)
        else:
            self.say("next plain", **names)
        self.print("    " + say(self.lang, "next read", read_on=step.read_on))
        self.print("    " + say(self.lang, "next hint", step=step.id))
