# SPDX-License-Identifier: Apache-2.0
"""What --watch shows: after each save, how far the student has come, what is wrong with
the first step that is, and what to do next."""

import os
import time

from lab.grader.layout import visible
from lab.grader.student.report import Report
from lab.grader.words import say

CLEAR = "\033[H\033[2J\033[3J"


class WatchReport:
    def __init__(self, out, lang, file):
        self.out = out
        self.lang = lang
        self.file = file
        self.tty = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def say(self, key, **values):
        self.print(say(self.lang, key, **values))

    def print(self, *lines):
        print("\n".join(lines), file=self.out, flush=True)

    def clear(self):
        if self.tty:
            self.out.write(CLEAR)

    def watching(self):
        self.clear()
        self.say("watching", file=self.file)

    def gone(self):
        self.say("gone", file=self.file)

    def saved(self, changed):
        """changed: the ids of the steps that were changed, or None."""
        self.clear()
        key = "saved-step" if changed else "saved"
        said = say(self.lang, key, file=self.file, steps=" ".join(changed or []))
        self.print(f"{time.strftime('%H:%M:%S')}  {said}")

    def first(self, verdict, source):
        """What became of the steps that were changed; the others are not judged yet."""
        report = Report(verdict, source, self.lang, self.out)
        self.print(*(report.headline(step) for step in verdict.table))

    def whole(self, verdict, source):
        report = Report(verdict, source, self.lang, self.out)
        self.print(report.bar(), *report.first_failed(), *report.outside(), "")
        if verdict.verdict == "pass":
            self.say("done")
        else:
            self.print(*report.next())

    def broken(self, why):
        self.say("judge-failed")
        self.print(visible(why))

    def ready(self):
        self.say("ready")

    def leave(self):
        """The shell's prompt belongs at the beginning of a line, behind the ^C."""
        if self.tty:
            self.print()
