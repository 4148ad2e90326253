# SPDX-License-Identifier: Apache-2.0
"""A call made in a process of its own, which can be given up at any moment: what it
has started ends with it, and what it has left in its scratch directory goes."""

import contextlib
import ctypes
import os
import pickle
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def _prctl(option, value):
    """True if the kernel knows the option. Without it only what runs wild is not caught."""
    try:
        return ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0
    except (OSError, AttributeError):
        return False


def adopt_orphans():
    """Processes whose parent has ended become our children, where we find them."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


@contextlib.contextmanager
def undisturbed():
    """Whoever is impatient presses Ctrl-C again, while things are put away."""
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in ENDING]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _parents(ended=(b"Z", b"X")):
    """{process: parent} of all processes, but for those in these states."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    state, parent = stat.read().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state not in ended:
                found[int(name)] = int(parent)
    return found


def _descendants(pid, parents):
    found = [child for child, parent in parents.items() if parent == pid]
    for child in list(found):
        found += _descendants(child, parents)
    return found


def _kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _kill_tree(pid):
    """Kills a process and all that stem from it. What is started while we look is seen
    when we look again."""
    for _ in range(50):
        parents = _parents()
        wild = _descendants(pid, parents) + ([pid] if pid in parents else [])
        if not wild:
            return
        _kill(wild)
        time.sleep(0.002)


def _reap(pid):
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        pass


def kill_strays(workers):
    """Kills children of ours that are nobody's: left behind by a worker that has ended."""
    ours = {worker.pid for worker in workers}
    parents = _parents(ended=())
    for pid in [child for child, parent in parents.items() if parent == os.getpid() and child not in ours]:
        _kill(_descendants(pid, parents) + [pid])
        _reap(pid)


class ForPeople(Exception):
    """An error of a call that is told by its text, without a traceback."""


class Worker:
    """Runs call() in a child process. `pipe` is readable when there is news; then
    finished() says whether that was all. After that: either `result` is what the call
    returned, or `error` is how it failed, in lines."""

    def __init__(self, call, scratch):
        self.result = None
        self.error = ""
        self.started = time.monotonic()
        self.scratch = tempfile.mkdtemp(dir=scratch)
        self._received = bytearray()
        self.pipe, write_end = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        # No handler of ours may run in the child, nor in us before we know the child.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        self.pid = os.fork()
        if self.pid == 0:
            _child(call, write_end, self.scratch, parent, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(write_end)

    def fileno(self):
        return self.pipe

    @property
    def seconds(self):
        return time.monotonic() - self.started

    def finished(self):
        """Takes what has come through the pipe. True if nothing more will."""
        received = os.read(self.pipe, 1 << 20)
        self._received += received
        if received:
            return False
        self.stop()
        try:
            ok, value = pickle.loads(self._received)
        except (EOFError, pickle.UnpicklingError):
            ok, value = False, "the process that judged it was killed"
        if ok:
            self.result = value
        else:
            self.error = value
        return True

    def stop(self):
        """Ends the call, if it has not ended."""
        if self.pipe < 0:
            return
        _kill_tree(self.pid)
        _reap(self.pid)
        os.close(self.pipe)
        self.pipe = -1
        shutil.rmtree(self.scratch, ignore_errors=True)


def _child(call, write_end, scratch, parent, signals):
    """The child's life: never returns."""
    status = 1
    try:
        os.setsid()  # Ctrl-C is the parent's business
        for number in (*ENDING, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        adopt_orphans()
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        try:
            answer = (True, call())
        except ForPeople as error:
            answer = (False, str(error))
        except BaseException:  # whatever it is, it is to be told by the parent
            answer = (False, traceback.format_exc())
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
        status = 0
    finally:
        os._exit(status)


def wait_for(workers, seconds):
    """The workers among these that have news within the time."""
    return select.select(workers, [], [], max(0, seconds))[0]
