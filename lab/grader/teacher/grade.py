# SPDX-License-Identifier: Apache-2.0
"""`./raftLab_test.sh --grade FILE...`: the verdicts on many files, for teachers."""

import os
import shutil
import sys
import tempfile
from collections import namedtuple

from lab.grader import verdict as v
from lab.grader import worker as workers
from lab.grader.blanks import BIGGEST, Source, decode
from lab.grader.layout import file_name
from lab.grader.options import UsageError
from lab.grader.prepared import Lab, LabError, filters_system_calls
from lab.grader.teacher.formats import FORMATS
from lab.grader.teacher.options import parse
from lab.grader.teacher.submissions import CannotRead, in_folder, read_submission
from lab.grader.words import say

# What became of a file: a Verdict, or why there is none, in words.
Outcome = namedtuple("Outcome", "file verdict why")


def complain(text):
    print("raftLab_test.sh: " + text, file=sys.stderr, flush=True)


# --- one file ---------------------------------------------------------------------------


def all_steps(file, table, ids, status, **details):
    """A Verdict in which all these steps share a fate, and the others are not filled in."""
    steps = {step.id: v.StepVerdict(step.id, status if step.id in ids else v.EMPTY) for step in table}
    for id_ in ids:
        for name, value in details.items():
            setattr(steps[id_], name, value)
    return v.Verdict(file, table, steps)


def refuse(file, data, table, lang):
    """The Verdict on what cannot be a raft.c at all; None if it may be one."""
    if len(data) > BIGGEST:
        why = say(lang, "too-big", kib=BIGGEST >> 10)
    elif "\0" in decode(data):
        why = say(lang, "binary")
    elif "RaftLab" not in decode(data):
        why = say(lang, "no-markers")
    else:
        return None
    return all_steps(file, table, [step.id for step in table], v.TAMPERED, reason=why)


def given_up(file, data, table, lang, seconds):
    """The Verdict on a file whose judging did not come to its end."""
    source = Source(decode(data), table)
    filled = [id_ for id_, blank in source.blanks.items() if blank.filled] or [step.id for step in table]
    failure = v.Failure("", "timeout", seen=say(lang, "took-too-long", limit=f"{seconds:g}"))
    return all_steps(file, table, filled, v.FAILED, failures=[failure])


# --- many files ---------------------------------------------------------------------------


class Grading:
    """Judges files, some at a time, each in a process of its own. After it, or when it is
    interrupted, nothing that was started runs on and no scratch directory stays."""

    def __init__(self, lab, options, lang):
        self.lab = lab
        self.options = options
        self.lang = lang
        self.running = {}  # Worker: (number of the file, its bytes)
        self.outcomes = {}  # number of the file: Outcome
        self.scratch = tempfile.mkdtemp(prefix="raftlab-grade.")

    def __enter__(self):
        workers.adopt_orphans()
        return self

    def __exit__(self, *_):
        with workers.undisturbed():
            for worker in self.running:
                worker.stop()
            workers.kill_strays([])
            shutil.rmtree(self.scratch, ignore_errors=True)

    def run(self, files):
        """Yields the Outcome of each file, in order, as soon as it and those before it are there."""
        todo = list(enumerate(files))[::-1]
        told = 0
        while told < len(files):
            while todo and len(self.running) < self.options.jobs:
                self._start(*todo.pop())
            while told in self.outcomes:
                yield self.outcomes.pop(told)
                told += 1
            self._wait()

    def _start(self, number, file):
        table = self.lab.table
        try:
            data = read_submission(file, self.lang)
        except CannotRead as error:
            self.outcomes[number] = Outcome(file, None, say(self.lang, "cannot-read", file=file_name(file), why=error))
            return
        verdict = refuse(file, data, table, self.lang)
        if verdict:
            self.outcomes[number] = Outcome(file, verdict, "")
            return
        worker = workers.Worker(lambda: self.lab.judge(decode(data), file, self.lang), self.scratch)
        self.running[worker] = (number, file, data)

    def _wait(self):
        """Until something has happened, or the time of a file is over."""
        if not self.running:
            return
        oldest = max(worker.seconds for worker in self.running)
        for worker in workers.wait_for(list(self.running), self.options.timeout - oldest):
            if worker.finished():
                self._finish(worker)
        for worker in [w for w in self.running if w.seconds >= self.options.timeout]:
            self._give_up(worker)

    def _finish(self, worker):
        number, file, _ = self.running.pop(worker)
        workers.kill_strays(self.running)
        if worker.result is None:
            why = say(self.lang, "cannot-grade", file=file_name(file), why=worker.error.strip())
            self.outcomes[number] = Outcome(file, None, why)
        else:
            worker.result.seconds = worker.seconds
            self.outcomes[number] = Outcome(file, worker.result, "")

    def _give_up(self, worker):
        worker.stop()
        number, file, data = self.running.pop(worker)
        workers.kill_strays(self.running)
        verdict = given_up(file, data, self.lab.table, self.lang, self.options.timeout)
        verdict.seconds = worker.seconds
        self.outcomes[number] = Outcome(file, verdict, "")


# --- the command --------------------------------------------------------------------------


def expand(arguments, lang):
    """The files that the arguments name; a folder without any is left, to be complained of."""
    files = []
    for argument in arguments:
        if not os.path.isdir(argument):
            files.append(argument)
            continue
        found = in_folder(argument)
        if found:
            names = " ".join(file_name(os.path.relpath(path, argument)) for path in found)
            complain(say(lang, "took", folder=file_name(argument), files=names))
        files += found or [argument]
    return files


class Output:
    """Where the reports go: one for all files, or one for each of them in a folder."""

    def __init__(self, options, table, lang, files):
        self.options = options
        self.table = table
        self.lang = lang
        self.files = files
        self.taken = set()
        self.path = None
        self.report = None
        if not options.folder:
            self._open(options.output)

    def _open(self, path):
        self.path = path
        out = open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") if path else sys.stdout
        self.report = FORMATS[self.options.format](out, self.table, self.lang, self.files)
        self.report.begin()

    def _close(self):
        self.report.end()
        if self.path:
            self.report.out.close()

    def add(self, outcome):
        if self.options.folder:
            self._open(os.path.join(self.options.folder, self._name(outcome.file)))
        if outcome.verdict:
            self.report.add(outcome.verdict)
        else:
            self.report.unreadable(outcome.why)
        if self.options.folder:
            self._close()

    def _name(self, file):
        """A name in the folder, of its own for each file: students/li/raft.c -> students-li-raft.c.json"""
        parts = [part for part in file.split("/") if part not in ("", ".", "..")]
        name = unique = "-".join(parts)[-200:]
        count = 1
        while unique in self.taken:
            count += 1
            unique = f"{name}-{count}"
        self.taken.add(unique)
        return unique + ".json"

    def end(self):
        if not self.options.folder:
            self._close()


def grade(options, lang):
    """Exit status."""
    files = expand(options.files, lang)
    if options.format == "gradescope" and len(files) > 1 and not options.folder:
        if len(options.files) > 1:
            raise UsageError(say(lang, "gradescope-wants-one"))
        files = options.files  # a submission of several files, none of them raft.c: the student is to know
    for file in files:
        if options.output and os.path.exists(file) and os.path.exists(options.output) \
                and os.path.samefile(file, options.output):
            raise UsageError(say(lang, "output-is-input", path=file_name(options.output)))
    if options.folder:
        os.makedirs(options.folder, exist_ok=True)
    lab = Lab()
    lab.prepare(lang, lambda: complain(say(lang, "waiting")))
    if not filters_system_calls():
        complain(say(lang, "no-seccomp"))
    status = 0
    with Grading(lab, options, lang) as grading:
        output = Output(options, lab.table, lang, files)
        for outcome in grading.run(files):
            output.add(outcome)
            if not outcome.verdict:
                complain(outcome.why)
                status = 2
        output.end()
    return status


def main(argv, lang):
    """The command line behind --grade. Returns the exit status."""
    # Names of files are bytes; they leave as they came.
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parse(argv, lang)
    if options.help:
        print(say(lang, "usage-grade"))
        return 0
    try:
        return grade(options, lang)
    except LabError as error:
        complain(say(lang, "no-lab-base", why=error))
        return 2
    except BrokenPipeError:
        # No one reads any more; nor must Python try to write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        path = file_name(str(error.filename or options.output or say(lang, "stdout")))
        complain(say(lang, "cannot-write", path=path, why=error.strerror))
        return 2
