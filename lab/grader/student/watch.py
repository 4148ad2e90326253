# SPDX-License-Identifier: Apache-2.0
"""`./raftLab_test.sh --watch`: tests raft/raft.c again whenever it is saved.

What it prints can be followed by a program: it begins with a line "watching ...", and
each report ends with the line "waiting for the next save"."""

import os
import shutil
import signal
import sys
import tempfile

from lab.grader import worker as workers
from lab.grader.blanks import Source
from lab.grader.prepared import Lab, LabError
from lab.grader.reference import RAFT_C
from lab.grader.steps import TOP
from lab.grader.student.saves import INTERVAL, SavedFile
from lab.grader.student.watch_report import WatchReport
from lab.grader.words import say


def affected(before, now):
    """The ids of the blanks in which two Sources differ; None if more than blanks differs, or
    if it cannot be said."""
    if before is None or before.problems or now.problems or list(before.blanks) != list(now.blanks):
        return None
    if [text for _, text in before.outside()] != [text for _, text in now.outside()]:
        return None
    return [id_ for id_, blank in now.blanks.items() if blank.text != before.blanks[id_].text]


class Watch:
    """The file, what was found out about it, and the run that is under way."""

    def __init__(self, lab, file, report, lang, wanted, scratch):
        self.lab = lab
        self.file = file
        self.report = report
        self.lang = lang
        self.wanted = wanted  # ids; none: all
        self.scratch = scratch
        self.source = None
        self.worker = None

    def run(self):
        """For ever: judges the file, and waits for the next save."""
        changed = None
        while True:
            if self.file.text is None:
                self.report.gone()
                self.file.wait()
                changed = self.saved()
            elif self.judge(changed):
                self.report.ready()
                self.file.wait()
                changed = self.saved()
            else:  # saved meanwhile
                changed = self.saved()

    def saved(self):
        """Which blanks the save has changed; None if more than that."""
        if self.file.text is None:
            self.source = None
            return None
        before, self.source = self.source, Source(self.file.text, self.lab.table)
        changed = affected(before, self.source)
        self.report.saved(changed)
        return changed

    def judge(self, changed):
        """Judges the file: what was changed first, then all. False if it was saved meanwhile."""
        if self.source is None:
            self.source = Source(self.file.text, self.lab.table)
        filled = [id_ for id_, blank in self.source.blanks.items() if blank.filled]
        first = [id_ for id_ in changed or [] if id_ in filled and (not self.wanted or id_ in self.wanted)]
        rounds = [self.wanted] if not first or set(first) == set(self.wanted or filled) else [first, self.wanted]
        for number, only in enumerate(rounds, 1):
            verdict = self.call(only)
            if verdict is None:
                return False
            if isinstance(verdict, str):
                self.report.broken(verdict)
            elif number < len(rounds):
                self.report.first(verdict, self.source)
            else:
                self.report.whole(verdict, self.source)
        return True

    def call(self, only):
        """The Verdict, or how judging failed as a text, or None if the file was saved meanwhile."""
        text = self.file.text
        self.worker = workers.Worker(lambda: self.lab.judge_own(text, self.lang, only), self.scratch)
        while True:
            if workers.wait_for([self.worker], INTERVAL) and self.worker.finished():
                workers.kill_strays([])
                return self.worker.result or self.worker.error
            if self.file.look():
                self.stop()
                return None

    def stop(self):
        if self.worker:
            self.worker.stop()
            workers.kill_strays([])


def _interrupted(_number, _frame):
    sys.exit(0)


def main(wanted, lang):
    """The command behind --watch. wanted: ids of steps; none: all. Returns the exit status."""
    signal.signal(signal.SIGINT, _interrupted)
    lab = Lab(own=True)
    report = WatchReport(sys.stdout, lang, RAFT_C)
    scratch = tempfile.mkdtemp(prefix="raftlab-watch.")
    watch = None
    try:
        file = SavedFile(os.path.join(TOP, RAFT_C))
        report.watching()
        lab.prepare(lang, lambda: report.say("waiting"))
        workers.adopt_orphans()
        watch = Watch(lab, file, report, lang, wanted, scratch)
        watch.run()
    except LabError as error:
        print("raftLab_test.sh: " + say(lang, "no-lab-base", why=error), file=sys.stderr)
        return 2
    finally:
        with workers.undisturbed():
            if watch:
                watch.stop()
            shutil.rmtree(scratch, ignore_errors=True)
        report.leave()
