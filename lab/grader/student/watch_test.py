#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of --watch: its parts, with a lab that only pretends, and from end to end in a
copy of the tree. The last line is "N passed, M failed"."""

import io
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.abspath(__file__).rsplit("/", 4)[0])

from lab.grader import testing, verdict as v, worker as workers  # noqa: E402 (the path comes first)
from lab.grader.blanks import Source, encode  # noqa: E402
from lab.grader.reference import Reference  # noqa: E402
from lab.grader.steps import TOP, read_steps  # noqa: E402
from lab.grader.student import watch  # noqa: E402
from lab.grader.student.saves import INTERVAL, SavedFile  # noqa: E402
from lab.grader.student.watch_report import WatchReport  # noqa: E402

TABLE = read_steps()
REFERENCE = Reference.load()
RIGHT = REFERENCE.solved()
SECONDS = 120  # for what takes one


def put(**texts):
    """A raft.c with these texts in its blanks, and right ones in the others."""
    return REFERENCE.source.graft({**REFERENCE.texts, **texts})


def write(path, text):
    with open(path, "wb") as f:
        f.write(encode(text))


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="raftlab-test.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "raft.c")


class Saves(Scratch):
    def looks(self, file):
        """What three looks in a row see, at their usual distance."""
        seen = []
        for _ in range(3):
            seen.append(file.look())
            time.sleep(INTERVAL / 5)
        return any(seen)

    def test_a_save_is_seen_once(self):
        write(self.path, "one")
        file = SavedFile(self.path)
        self.assertFalse(self.looks(file))
        write(self.path, "two")
        self.assertTrue(self.looks(file))
        self.assertEqual(file.text, "two")
        self.assertFalse(self.looks(file))

    def test_the_same_text_is_no_news(self):
        write(self.path, "one")
        file = SavedFile(self.path)
        os.utime(self.path, ns=(1, 1))
        self.assertFalse(self.looks(file))

    def test_same_size_and_another_file_in_its_place(self):
        write(self.path, "one")
        file = SavedFile(self.path)
        other = self.path + ".tmp"
        write(other, "two")
        found = os.stat(self.path)
        os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
        os.rename(other, self.path)
        self.assertTrue(self.looks(file))

    def test_a_file_that_goes_and_comes(self):
        file = SavedFile(self.path)
        self.assertIsNone(file.text)
        write(self.path, "one")
        self.assertTrue(self.looks(file))
        os.remove(self.path)
        self.assertTrue(self.looks(file))
        self.assertIsNone(file.text)

    def test_what_is_still_being_written_waits(self):
        write(self.path, "one")
        file = SavedFile(self.path)
        for text in ("t", "tw", "two"):
            write(self.path, text)
            self.assertFalse(file.look())
        self.assertTrue(file.look())
        self.assertEqual(file.text, "two")


class Affected(unittest.TestCase):
    def affected(self, before, now):
        return watch.affected(Source(before), Source(now))

    def test_a_blank(self):
        self.assertEqual(self.affected(RIGHT, put(e1="")), ["e1"])
        self.assertEqual(self.affected(RIGHT, put(e2="", r4="x();\n")), ["e2", "r4"])

    def test_nothing(self):
        self.assertEqual(self.affected(RIGHT, RIGHT), [])

    def test_more_than_blanks(self):
        self.assertIsNone(self.affected(RIGHT, "int x;\n" + RIGHT))
        self.assertIsNone(self.affected(RIGHT, RIGHT.replace("RaftLab", "RaftLob", 1)))
        self.assertIsNone(watch.affected(None, Source(RIGHT)))


class FakeLab:
    """Steps whose text says "wrong" fail, empty ones are not filled in; `busy` is called
    by the process that judges."""

    def __init__(self, busy=lambda only: None):
        self.table = TABLE
        self.busy = busy

    def judge_own(self, text, lang, only=None):
        self.busy(only)
        steps = {}
        table = [step for step in TABLE if not only or step.id in only]
        for id_, blank in Source(text).blanks.items():
            status = v.EMPTY if not blank.filled else v.FAILED if "wrong" in blank.text else v.PASSED
            steps[id_] = v.StepVerdict(id_, status)
            if status == v.FAILED:
                steps[id_].failures = [v.Failure(f"{id_}_test", "fail", seen="it is wrong")]
        return v.Verdict("raft/raft.c", table, {step.id: steps[step.id] for step in table})


class Runs(Scratch):
    def watch(self, text, busy=lambda only: None, wanted=(), lang="en"):
        write(self.path, text)
        self.out = io.StringIO()
        report = WatchReport(self.out, lang, "raft/raft.c")
        return watch.Watch(FakeLab(busy), SavedFile(self.path), report, lang, wanted, self.folder)

    def save(self, one, text):
        write(self.path, text)
        one.file.wait()
        return one.saved()

    def test_all_done(self):
        for lang, said in (("en", "All done"), ("zh", "全部完成")):
            self.assertTrue(self.watch(RIGHT, lang=lang).judge(None))
            self.assertIn("[##########]", self.out.getvalue())
            self.assertIn(said, self.out.getvalue())

    def test_what_is_wrong_and_what_is_next(self):
        self.watch(put(e5="wrong();\n", r1="")).judge(None)
        said = self.out.getvalue()
        blank = Source(put(e5="wrong();\n", r1="")).blanks["e5"]
        self.assertIn("[####X#-###]  8 of 10 steps", said)
        self.assertRegex(said, r"e5  Election Step5 +failed +raft/raft.c:\d+, Grant a vote")
        self.assertIn("it is wrong", said)
        self.assertIn(f"Next: e5, Election Step5, raft/raft.c:{blank.begins}, {blank.function}()", said)
        self.assertIn("./raftLab_test.sh hint e5", said)

    def test_an_empty_step_is_next(self):
        self.watch(put(e3="")).judge(None)
        self.assertIn("Next: e3, Election Step3", self.out.getvalue())

    def test_the_changed_step_comes_first(self):
        one = self.watch(RIGHT)
        one.judge(None)
        self.assertEqual(self.save(one, put(e5="wrong();\n")), ["e5"])
        one.judge(["e5"])
        said = self.out.getvalue()
        self.assertLess(said.index("e5  Election Step5"), said.index("[####X#####]"))

    def test_only_the_steps_that_are_wanted(self):
        self.watch(put(e5="wrong();\n"), wanted=["e1", "e2"]).judge(None)
        self.assertIn("[##]  2 of 2 steps", self.out.getvalue())
        self.assertNotIn("it is wrong", self.out.getvalue())

    def test_a_save_aborts_the_run(self):
        def busy(_):
            write(self.path, put(e1="wrong();\n"))
            time.sleep(60)
        one = self.watch(RIGHT, busy)
        started = time.monotonic()
        self.assertFalse(one.judge(None))
        self.assertLess(time.monotonic() - started, 5)
        self.assertFalse(os.path.exists(f"/proc/{one.worker.pid}"))
        self.assertEqual(one.saved(), ["e1"])

    def test_a_grader_that_breaks_is_told(self):
        one = self.watch(RIGHT, lambda only: 1 // 0)
        self.assertTrue(one.judge(None))
        self.assertIn("ZeroDivisionError", self.out.getvalue())

    def test_removed_meanwhile(self):
        def busy(_):
            os.remove(self.path)
            time.sleep(60)
        one = self.watch(RIGHT, busy)
        self.assertFalse(one.judge(None))
        self.assertIsNone(one.saved())

    def test_no_colour_and_no_clearing_but_on_a_terminal(self):
        one = self.watch(put(e5="wrong();\n"))
        one.report.watching()
        one.judge(None)
        self.assertNotIn("\033", self.out.getvalue())


class EndToEnd(unittest.TestCase):
    """The real thing, in a copy of the tree."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="raftlab-test.")
        cls.tree = os.path.join(cls.folder, "tree")
        skipped = shutil.ignore_patterns(".git", "build", "bin", "handout", "__pycache__")
        shutil.copytree(TOP, cls.tree, symlinks=True, ignore=skipped)
        cls.raft_c = os.path.join(cls.tree, "raft", "raft.c")
        write(cls.raft_c, put(e5="r->vote = m->from;\n"))
        cls.process = subprocess.Popen([os.path.join(cls.tree, "raftLab_test.sh"), "--watch", "--lang", "en"], cwd="/",
                                       stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        cls.lines = queue.Queue()
        threading.Thread(target=cls.read, daemon=True).start()

    @classmethod
    def read(cls):
        for line in cls.process.stdout:
            cls.lines.put(line.decode("utf-8"))
        cls.lines.put(None)

    @classmethod
    def tearDownClass(cls):
        if cls.process.poll() is None:
            cls.process.terminate()
        cls.process.wait()
        cls.process.stdout.close()
        shutil.rmtree(cls.folder)

    def report(self):
        """All up to the end of the next report."""
        said = []
        while not said or said[-1] is not None and "waiting for the next save" not in said[-1]:
            said.append(self.lines.get(timeout=SECONDS))
        self.assertIsNotNone(said[-1], said)
        return "".join(said)

    def test_a_day_in_the_lab(self):
        said = self.report()
        self.assertTrue(said.startswith("watching raft/raft.c"), said)
        self.assertIn("[####X#####]", said)
        self.assertIn("Next: e5, Election Step5", said)
        times = []
        for text, mark in ((put(e5=""), "[####-#####]"), (put(), "[##########]"), (put(r4="oops;\n"), "[#########C]")):
            started = time.monotonic()
            other = self.raft_c + "~"
            write(other, text)
            os.rename(other, self.raft_c)  # as many editors do
            said = self.report()
            times.append(time.monotonic() - started)
            self.assertIn(mark, said)
        os.remove(self.raft_c)
        self.assertIn("is not there", self.lines.get(timeout=SECONDS))
        write(self.raft_c, put(e1="for (;;) ;\n"))
        self.assertIn("[X#########]", self.report())
        write(self.raft_c, put(e1="for (;;) puts(\"x\");\n"))  # and before it is judged:
        self.assertIn("was saved", self.lines.get(timeout=SECONDS))
        write(self.raft_c, put())
        self.assertIn("[##########]", self.report())
        print("seconds from save to verdict:", " ".join(f"{t:.2f}" for t in times))
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(timeout=20), 0)
        self.assertIsNone(self.lines.get(timeout=SECONDS))


if __name__ == "__main__":
    workers.adopt_orphans()
    sys.exit(testing.main(sys.modules[__name__]))
