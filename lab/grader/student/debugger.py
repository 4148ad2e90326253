# SPDX-License-Identifier: Apache-2.0
"""`./raftLab_test.sh gdb STEP`: the first failing test of a step in gdb, stopped in the blank."""

import os
import shutil
import signal
import subprocess

from lab.grader.judge import Case


def choose_test(case, id_):
    """(name of the test to look at, whether it fails): the one that the report explains, or the
    step's first."""
    result = case.result.steps.get(id_)
    if result and result.failures:
        return result.failures[0].test, True
    own = [name for name in case.program.tests() if name.startswith(id_ + "_")]
    return (own or [""])[0], False


def run_gdb(text, file, reference, lang, id_, build, tell):
    """Builds, looks for a failing test, and leaves the terminal to gdb. Returns the Verdict if
    there is nothing to run, else None. tell: a function that prints a text of words.py."""
    with Case(text, file, reference, lang, [id_], build, own_outside=True) as case:
        case.verdict_for_debugging(id_)
        if case.program is None:
            return case.result
        name, fails = choose_test(case, id_)
        blank = case.source.blanks[id_]
        line = blank.first if blank.first <= blank.last else blank.ends
        tell("gdb-fails" if fails else "gdb-passes", name=blank.name, test=name, line=line)
        bit = 1 << [s.id for s in reference.source.table].index(id_)
        script = os.path.join(build.top, "raft", "raft-gdb.py")
        argv = ["gdb", "-q", *(["-ex", f"source {script}"] if os.path.exists(script) else []),
                "-ex", "set breakpoint pending on", "-ex", f"break raft/raft.c:{line} if lab_students_blanks & {bit}",
                "-ex", "break runner_failed", "-ex", "run", "--args", case.program.path, "--no-fork", "=" + name]
        env = dict(case.program.env, RAFTLAB_STUDENT=id_)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for gdb
        try:
            with subprocess.Popen(argv, cwd=build.top, env=env, preexec_fn=_take_interrupts) as process:
                process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
        return None


def _take_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_there():
    return shutil.which("gdb") is not None
