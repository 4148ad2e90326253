#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do our own tests notice a mistake in the given code?

Each patch beside this file makes one classic mistake outside the blanks of the lab. This program makes
them one at a time, in a copy of the tree, and runs our tests. A mistake that no test notices has survived,
and is a failure: a test is missing.

    make check-mutations
    python3 -B lab/mutations/check.py [-a] [-v] [-j N] [NAME|PATTERN...]

A suite ends with its first failure, and the suites with the first that fails; -a lets each suite have its
try, which shows what each of them is good for.

A patch is a unified diff of one file, as git diff prints it. Above it should stand three lines:

    Wrong: what it does wrong
    Rule: where it says how it should be
    Breaks: which property is lost

A hunk goes where its old lines are, and they must be there exactly once; line numbers do not count, so
that a change elsewhere in the file does no harm.
"""
import argparse
import collections
import fnmatch
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = "out"  # in a worker's tree
HEADERS = ("Wrong", "Rule", "Breaks")

CPU_SECONDS = 3     # of one process; the slowest test takes a tenth of a second
TEST_SECONDS = 30   # of a test that waits for ever; far more than any takes on a busy machine
WALL_SECONDS = 300  # of a suite that does
MEMORY = 1 << 30    # of a process of raft's tests: a loop that allocates ends here

BLANK = re.compile(r"/\* RaftLab (\w+) Step(\d+):.*?/\* RaftLab \1 Step\2 end.*?\*/", re.S)
TEST = re.compile(r"^TEST(?:_TIMEOUT)?\((\w+)", re.M)
RUNNER = ["-j1", f"--timeout={TEST_SECONDS}"]
# What the test runner and the script runner say of a failure.
FAILED_TEST = re.compile(r"^(?:fail|timeout|crash|panic|exit|leak|memory|forbidden) (\w+) \(")
FAILED_SCRIPT = re.compile(r"^(\S*/testdata/)?(\S+?\.txt)(?::\d+)?: ")


class BadPatch(Exception):
    """The patch is at fault, not the tests."""


class BadTree(Exception):
    """What stands in the tree does not compile."""


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


# ---- Patches ----------------------------------------------------------------------------------------------


class Mutation:
    """One patch: what it says of itself, and its hunks as pairs of old and new lines."""

    def __init__(self, path):
        self.name = path.stem
        self.about, self.hunks = {}, []
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = next((i for i, line in enumerate(lines) if line.startswith("--- a/")), None)
        if at is None or at + 1 >= len(lines) or not lines[at + 1].startswith("+++ b/"):
            raise BadPatch("no unified diff of one file")
        self.file = lines[at + 1][len("+++ b/"):].split("\t")[0].strip()
        for line in lines[:at]:
            key, _, text = line.partition(": ")
            self.about[key] = text.strip()
        for key in HEADERS:
            self.about.setdefault(key, "(the patch does not say)")
        for line in lines[at + 2:]:
            self._take(line)

    def _take(self, line):
        if line.startswith("@@"):
            self.hunks.append(([], []))
        elif not self.hunks or line.startswith(("--- ", "diff ")):
            raise BadPatch("more than the diff of one file")
        elif line[0] in " -+":
            old, new = self.hunks[-1]
            if line[0] in " -":
                old.append(line[1:])
            if line[0] in " +":
                new.append(line[1:])

    def apply(self, text):
        """The text with the mistake in it."""
        after = text
        for old, new in self.hunks:
            found = ("\n" + after).count("\n" + "".join(old))
            if found != 1:
                raise BadPatch(f"does not apply: its lines are found {found} times in {self.file}")
            after = ("\n" + after).replace("\n" + "".join(old), "\n" + "".join(new))[1:]
        if after == text:
            raise BadPatch("changes nothing")
        if [m.group() for m in BLANK.finditer(text)] != [m.group() for m in BLANK.finditer(after)]:
            raise BadPatch("changes a blank of the lab; that belongs to lab/mistakes")
        return after


# ---- Processes --------------------------------------------------------------------------------------------


class Processes:
    """What runs, so that it can be stopped."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = set()
        self.stopped = False

    def start(self, argv, **kwargs):
        with self.lock:
            if self.stopped:
                raise Stopped()
            p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace",
                                 start_new_session=True, **kwargs)
            self.running.add(p)
            return p

    def kill(self, p):
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def reap(self, p):
        """Ends p and what it has left behind in its session."""
        with self.lock:
            if p in self.running:
                self.kill(p)
                self.running.discard(p)
        p.stdout.close()
        return p.wait()

    def stop(self):
        with self.lock:
            self.stopped = True
            for p in self.running:
                self.kill(p)


def limits(memory):
    """Limits by CPU time, so that a busy machine kills nothing that is right."""
    def set_them():
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    return set_them


def environment():
    """Ours without what a make above us has put into it."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    env["LC_ALL"] = "C.UTF-8"
    return env


# ---- Suites -----------------------------------------------------------------------------------------------


Suite = collections.namedtuple("Suite", "name program arguments failed memory")


def tests_of(directory, keep):
    names = []
    for path in sorted((ROOT / directory).rglob("*_test.c")):
        if keep(path.relative_to(ROOT).as_posix()):
            names += TEST.findall(path.read_text(encoding="utf-8"))
    return ["=" + name for name in names]


def suites_for(file):
    """What may notice a mistake in that file, quickest first. What tests the runners themselves is left out."""
    if file.startswith("server/"):
        near = os.path.dirname(file) + "/"
        return [
            # Several at a time, since they wait for the disk.
            Suite("server", "server_test", RUNNER + ["-j4"] + tests_of("server", keep), FAILED_TEST, 0)
            for keep in (lambda path: path.startswith(near), lambda path: not path.startswith(near))
        ]
    unit = tests_of("raft", lambda path: not path.startswith("raft/rafttest/"))
    sim = tests_of("raft", lambda path: path == "raft/rafttest/sim_test.c")
    return [
        Suite("unit", "raft_test", RUNNER + unit, FAILED_TEST, MEMORY),
        Suite("scripts", "datadriven", ["raft/rafttest/testdata"], FAILED_SCRIPT, MEMORY),
        Suite("sim", "raft_test", RUNNER + sim, FAILED_TEST, MEMORY),
    ]


# ---- A worker's tree --------------------------------------------------------------------------------------


class Tree:
    """A copy of the sources with its own build."""

    def __init__(self, path, processes):
        self.path, self.processes = path, processes

    def copy_sources(self):
        for name in ("Makefile", "raft", "server", "lab"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.path / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, self.path / name)

    def make(self, programs, jobs=1):
        argv = ["make", "-s", f"-j{jobs}", f"BUILD={BUILD}", "OPT=-O0", "SAN="]
        p = self.processes.start(argv + [f"{BUILD}/{name}" for name in programs], cwd=self.path, env=environment())
        try:
            said = p.stdout.read()
        finally:
            status = self.processes.reap(p)
        if status != 0:
            raise BadTree("does not compile:\n" + said)

    def run(self, suite):
        """Runs a suite up to its first failure. Returns: its name, or None."""
        if not any(a[0] != "-" for a in suite.arguments):
            return None  # there are no tests in it; without names it would run all
        p = self.processes.start([f"{BUILD}/{suite.program}"] + suite.arguments, cwd=self.path,
                                 env=environment(), preexec_fn=limits(suite.memory))
        timer = threading.Timer(WALL_SECONDS, self.processes.kill, [p])
        timer.start()
        killer, last = None, ""
        try:
            for line in p.stdout:
                found = suite.failed.match(line)
                if found:
                    killer = ("timeout: " if "timeout" in line.split(" ")[0] else "") + found.group(found.lastindex)
                    break
                last = line.strip() or last
        finally:
            timer.cancel()
            status = self.processes.reap(p)
        if killer is None and status != 0:
            killer = "timeout" if status in (-signal.SIGKILL, -signal.SIGXCPU) else f"status {status}, {last}"
        return killer

    def run_suites(self, file, to_the_end=False):
        """Returns: by suite, which of its tests failed first."""
        killers = {}
        for suite in suites_for(file):
            if suite.name not in killers and (to_the_end or not killers):
                self.make([suite.program])
                killer = self.run(suite)
                if killer:
                    killers[suite.name] = killer
        return killers


Result = collections.namedtuple("Result", "mutation killers error seconds")


def mutate(tree, mutation, all_suites):
    """Makes the mistake, runs the tests and takes it back."""
    path, began, error, killers = tree.path / mutation.file, time.monotonic(), None, {}
    try:
        text = path.read_text(encoding="utf-8")
        path.write_text(mutation.apply(text), encoding="utf-8")
        try:
            killers = tree.run_suites(mutation.file, all_suites)
        finally:
            path.write_text(text, encoding="utf-8")
    except (BadPatch, BadTree, OSError) as e:
        error = str(e)
    return Result(mutation, killers, error, time.monotonic() - began)


# ---- The whole run ----------------------------------------------------------------------------------------


class Run:
    def __init__(self, options):
        self.options = options
        self.processes = Processes()
        self.lock = threading.Lock()
        self.queue = collections.deque()
        self.wanted, self.results, self.broken = 0, [], []

    def load(self):
        """Mutations of one file come together, so that little is built; most is built for those of headers."""
        mutations = []
        for path in sorted(HERE.glob("*.patch")):
            if self.options.names and not any(fnmatch.fnmatch(path.stem, n) or n == path.name
                                              for n in self.options.names):
                continue
            try:
                m = Mutation(path)
                m.apply((ROOT / m.file).read_text(encoding="utf-8"))
                mutations.append(m)
            except (BadPatch, OSError) as e:
                self.broken.append((path.name, str(e)))
        self.wanted = len(mutations)
        self.queue.extend(sorted(mutations, key=lambda m: (m.file.endswith(".h"), m.file, m.name)))

    def baseline(self, scratch):
        """The tree as it is must pass, or everything would look killed. Returns: the trees of the workers."""
        first = Tree(scratch / "1", self.processes)
        first.path.mkdir()
        first.copy_sources()
        files = {"server/" if m.file.startswith("server/") else "raft/" for m in self.queue}
        try:
            first.make(sorted({s.program for f in files for s in suites_for(f)}), self.options.jobs)
            for file in sorted(files):
                killers = first.run_suites(file)
                if killers:
                    raise BadTree("does not pass: " + tell(killers))
        except BadTree as e:
            self.broken.append(("the tree as it is", str(e)))
            return []
        trees = [first]
        for i in range(1, min(self.options.jobs, max(1, len(self.queue)))):
            trees.append(Tree(scratch / str(i + 1), self.processes))
            shutil.copytree(first.path, trees[-1].path, symlinks=True)
        return trees

    def work(self, tree, take):
        while True:
            with self.lock:
                if not self.queue:
                    return
                mutation = take()
            try:
                result = mutate(tree, mutation, self.options.all)
            except Stopped:
                return
            if self.processes.stopped:
                return
            with self.lock:
                self.results.append(result)
                self.say(result)

    def say(self, r):
        if r.error:
            print(f"ERROR     {r.mutation.name}: {r.error}", flush=True)
            return
        word = "killed  " if r.killers else "SURVIVED"
        print(f"{word}  {r.mutation.name:42} {r.seconds:4.1f} s  {tell(r.killers)}", flush=True)
        if self.options.verbose:
            for key in HEADERS:
                print(f"              {key}: {r.mutation.about[key]}", flush=True)

    def go(self, scratch):
        trees = self.baseline(scratch)
        if not trees:
            return
        print(f"{len(self.queue)} mutations, {len(trees)} at a time; the tree as it is passes", flush=True)
        # From both ends, so that each worker stays with a file.
        ends = [self.queue.popleft, self.queue.pop]
        workers = [threading.Thread(target=self.work, args=(t, ends[i % 2])) for i, t in enumerate(trees)]
        for w in workers:
            w.start()
        for w in workers:
            while w.is_alive():
                w.join(0.2)

    def summary(self):
        """Returns: the exit status."""
        survivors = [r for r in self.results if not r.error and not r.killers]
        errors = [r for r in self.results if r.error]
        print()
        for suite in ("unit", "scripts", "sim", "server"):
            by = [r for r in self.results if suite in r.killers]
            alone = sum(len(r.killers) == 1 for r in by)
            if by:
                rest = f", of which no other suite kills {alone}" if self.options.all else ""
                print(f"{suite:8} kills {len(by):3}{rest}")
        for name, why in self.broken:
            print(f"ERROR     {name}: {why}")
        for r in survivors:
            print(f"SURVIVED  {r.mutation.name} ({r.mutation.file}): {r.mutation.about['Wrong']}")
        passed = len(self.results) - len(survivors) - len(errors)
        if len(self.results) < self.wanted:
            print(f"{self.wanted - len(self.results)} were not tried")
        failed = self.wanted - passed + len(self.broken)
        print(f"{passed} passed, {failed} failed")
        return 1 if failed or not passed else 0


def tell(killers):
    return ", ".join(f"{suite}: {killer}" for suite, killer in killers.items())


def main():
    parser = argparse.ArgumentParser(description="Check that our tests notice each mutation of the given code.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; shell patterns")
    parser.add_argument("-a", "--all", action="store_true", help="have every suite try to kill each")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what each mutation is about")
    run = Run(parser.parse_args())
    run.load()
    if not run.queue and not run.broken:
        run.broken.append(("nothing to do", "there is no such mutation"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mutations."))
    try:
        if run.queue:
            run.go(scratch)
    except KeyboardInterrupt:
        run.processes.stop()
        print("\nstopped", flush=True)
    finally:
        run.processes.stop()
        while any(t is not threading.current_thread() for t in threading.enumerate()):
            time.sleep(0.05)
        shutil.rmtree(scratch, ignore_errors=True)
    return run.summary()


if __name__ == "__main__":
    sys.exit(main())
