# SPDX-License-Identifier: Apache-2.0
"""Handouts to try things in, and what the students' script says there."""

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

# What make and git tell those whom they start is of no concern in a handout, nor is the
# language of whoever runs the checks.
FOREIGN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "SAN", "BUILD", "OPT", "EXTRA", "V", "CC", "GIT_DIR",
           "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "NO_COLOR",
           "RAFTLAB_LANG", "RAFTLAB_STUDENT")
SCRIPT = "./raftLab_test.sh"
LONGEST = 120  # seconds, for one command: then something hangs


def environment(scratch):
    env = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    env.update(LANG="C.UTF-8", TMPDIR=scratch)
    return env


@dataclass
class Ran:
    """A command that was run."""

    status: int
    out: str  # both streams, as they came
    seconds: float  # by the clock on the wall, and
    cpu: float  # of computing, that of all processes together

    @property
    def lines(self):
        return self.out.rstrip("\n").split("\n")

    @property
    def last(self):
        return self.lines[-1]

    def sections(self, steps):
        """{id: what the report says of a step}, its line first."""
        found, id_ = {}, None
        for line in self.lines:
            id_ = next((step.id for step in steps if re.match(rf"\W*{step.id}\s+{step.marker}\s", line)),
                       id_ if line.startswith("  ") else None)
            if id_:
                found[id_] = found.get(id_, "") + line + "\n"
        return found

    def verdicts(self, steps):
        """{id: the words behind the step's name}, in the order of the report."""
        found = {}
        for line in self.lines:
            for step in steps:
                told = re.match(rf"\W*{step.id}\s+{step.marker}\s+(.*)", line)
                if told and step.id not in found:
                    found[step.id] = told[1].strip()
        return found


def run(argv, cwd, env, seconds=LONGEST, **options):
    """Runs a command to its end, in a session of its own, none of which is left if it hangs."""
    started = time.monotonic()
    with subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True, **options) as process:
        watch = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == -signal.SIGKILL:
            out += f"\n(killed; it may take {seconds} seconds)\n".encode()
        return Ran(process.returncode, out.decode("utf-8", "replace"), time.monotonic() - started,
                   usage.ru_utime + usage.ru_stime)


class Handout:
    """A student's tree, and a scratch directory that belongs to it."""

    def __init__(self, top, scratch):
        self.top = top
        self.scratch = scratch
        os.makedirs(scratch, exist_ok=True)

    def path(self, name):
        return os.path.join(self.top, name)

    def write(self, content, name="raft/raft.c"):
        """content: text, bytes, or None for no such file."""
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.path(name))
        if content is not None:
            with open(self.path(name), "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))

    def lab(self, *args, under="", env=None, **options):
        """Runs the students' script. env: what is different from the usual environment."""
        merged = {k: v for k, v in {**environment(self.scratch), **(env or {})}.items() if v is not None}
        return run([SCRIPT, *args], self.path(under), merged, **options)

    def sh(self, command, **env):
        return run(["sh", "-c", command], self.top, {**environment(self.scratch), **env})

    def copy(self, top, scratch):
        """Another one like it."""
        shutil.copytree(self.top, top, symlinks=True)
        return Handout(top, scratch)


class Pool:
    """Handouts to be used by as many threads."""

    def __init__(self, handouts):
        self._free = queue.Queue()
        for handout in handouts:
            self._free.put(handout)

    @contextlib.contextmanager
    def handout(self):
        handout = self._free.get()
        try:
            yield handout
        finally:
            self._free.put(handout)


def processes_of(scratch):
    """Ids of the processes that have this directory in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/environ", "rb") as file:
                if os.fsencode(scratch) in file.read():
                    found.append(int(pid))
    return found
