# SPDX-License-Identifier: Apache-2.0
"""Compiling. What does not depend on a student (tests, runner, raft/ without raft.c) is
built once by make, as build/lab/lab_base.o; the raft.c to be judged goes to the compiler
through a pipe and is linked to that in a scratch directory."""

import fcntl
import os
import re
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass

from lab.grader import blanks, rules
from lab.grader.steps import TOP

BUILD = os.path.join("build", "lab")
# Warnings do not stop a student's build, but for those that are errors by any other name.
ERRORS = ["-Werror=" + w for w in ("implicit-function-declaration", "int-conversion", "incompatible-pointer-types",
                                   "return-type")]
BASIC = ["-std=c11", "-D_GNU_SOURCE", "-g", "-fno-omit-frame-pointer"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# What make was told about another build is of no concern here.
FOREIGN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "SAN", "BUILD", "OPT", "EXTRA", "V")
# A compiler can be made to run for ever, or to eat all memory.
LIMITS = 'ulimit -t 20; ulimit -v 4000000; ulimit -f 200000; exec "$@"'
SECONDS = 30


class BuildError(Exception):
    """What cannot be helped by mending a blank: the text says what, `log` what was printed."""

    def __init__(self, key, log="", **names):
        super().__init__(key)
        self.key = key
        self.log = log
        self.names = names


@dataclass
class Compiled:
    """What the compiler made of a text: whether it did, and its words."""

    ok: bool
    log: str

    @property
    def places(self):
        """Lines of raft/raft.c that have an error, in the order in which they are told."""
        found = re.findall(r"(?:^|/)raft/raft\.c:(\d+):(?:\d+: (?:fatal )?error:| undefined reference)", self.log,
                           re.M)
        return [int(line) for line in found]

    @property
    def errors(self):
        """The errors alone, with the lines that explain them."""
        kept, on = [], False
        for line in self.log.splitlines():
            if re.search(r": (?:fatal )?error: |undefined reference|: note: ", line):
                on = ": note: " not in line or on
            elif re.search(r": warning: |: In function|^In file|^\S*(?:cc1|ld|collect2|clang)\b.*:", line):
                on = False
            if on:
                kept.append(re.sub(r"^/.*/(?=raft/raft\.c:)", "", line))
        return "\n".join(kept[:30] or self.log.splitlines()[-20:])

    @property
    def warnings(self):
        """The warnings in raft/raft.c, with the lines they speak of."""
        kept, left = [], 0
        for line in self.log.splitlines():
            if re.match(r"raft/raft\.c:\d+:.* warning: ", line):
                left = 3
            elif re.match(r"\S+:\d+:", line) or ": In function" in line:
                left = 0
            if left:
                kept.append(line)
                left -= 1
        return kept


def run(argv, cwd, text=None, seconds=SECONDS, env=None):
    """Runs a command with limits, in a session of its own, of which nothing is left at the
    end. Returns (exit status, what it printed)."""
    with subprocess.Popen(["sh", "-c", LIMITS, "sh", *argv], cwd=cwd, env=env, start_new_session=True,
                          stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            output, _ = process.communicate(None if text is None else blanks.encode(text), timeout=seconds)
        except subprocess.TimeoutExpired:
            kill(process)
            output, _ = process.communicate()
        except BaseException:
            kill(process)
            raise
        return process.returncode, output.decode("utf-8", "replace")


def kill(process):
    """Ends a process and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass


class Build:
    """Compiler, options and the base for one way of building ("" or "address")."""

    def __init__(self, san="", top=TOP, waiting=lambda: None):
        self.top = top
        self.waiting = waiting  # called if another run has to be waited for
        self.san = san
        self.out = os.path.join(BUILD, san) if san else BUILD
        self.cc = shlex.split(os.environ.get("CC") or "cc") or ["cc"]
        self.env = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        self.env["LC_ALL"] = "C"
        self._lock = None
        self._features = None

    @property
    def base(self):
        return os.path.join(self.top, self.out, "lab_base.o")

    # --- the base -------------------------------------------------------------------------

    def absent(self):
        """The tools that are not there."""
        return [tool for tool in (self.cc[0], "make") if not shutil.which(tool)]

    def missing(self):
        """The packages that have the tools that are not there."""
        packages = {"make": ["make"], self.cc[0]: ["gcc", "libc6-dev"]}
        return [package for tool in self.absent() for package in packages[tool]]

    def check_tools(self):
        """BuildError names what has to be installed."""
        if self.missing():
            raise BuildError("tools-missing", packages=" ".join(self.missing()), tools=" ".join(self.absent()))

    def make_base(self, waiting=None):
        """Builds lab_base.o if it is not up to date. BuildError says why that cannot be done."""
        self.check_tools()
        with self._locked(waiting or self.waiting):
            jobs = str(len(os.sched_getaffinity(0)))
            status, log = run(["make", "-s", "-j" + jobs, "BUILD=" + BUILD, "SAN=" + self.san, "OPT=-Og",
                               "CC=" + shlex.join(self.cc), "lab-base"], self.top, seconds=600, env=self.env)
        if status != 0 or not os.path.exists(self.base):
            if "protobuf-c" in log:
                raise BuildError("tools-missing", log, packages="libprotobuf-c-dev", tools="libprotobuf-c")
            raise BuildError("base-failed", log)

    def _locked(self, waiting):
        folder = os.path.join(self.top, BUILD)
        where = os.path.join(folder, "where")
        try:
            os.makedirs(folder, exist_ok=True)
            # pylint: disable=consider-using-with
            lock = open(os.path.join(folder, "lock"), "w", encoding="utf-8")
        except OSError as e:
            raise BuildError("not-writable", folder=BUILD, why=e.strerror) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        # What was built under another name of this directory, or by another compiler,
        # speaks of places that are not here.
        here = f"{self.top}\n{shlex.join(self.cc)}\n"
        try:
            if not os.path.exists(where) or _text_of(where) != here:
                for name in os.listdir(folder):
                    if name != "lock":
                        path = os.path.join(folder, name)
                        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
                with open(where, "w", encoding="utf-8") as f:
                    f.write(here)
        except OSError as e:
            raise BuildError("not-writable", folder=BUILD, why=e.strerror) from None
        return lock

    # --- raft.c ---------------------------------------------------------------------------

    def features(self):
        """Options that not every compiler knows: a variable that was never set shall have the same
        useless value in every run; and no lines are to be quoted from a file that happens to
        have the name of what is compiled from memory."""
        if self._features is None:
            self._features = self._known(["-ftrivial-auto-var-init=pattern", "-fno-diagnostics-show-caret"]) or [
                option for option in ("-ftrivial-auto-var-init=pattern", "-fno-diagnostics-show-caret",
                                      "-fno-caret-diagnostics") if self._known([option])]
        return self._features

    def _known(self, options):
        argv = [*self.cc, "-Werror", *options, "-E", "-x", "c", "/dev/null", "-o", "/dev/null"]
        return options if run(argv, self.top, env=self.env)[0] == 0 else []

    def _includes(self, text):
        names = list(dict.fromkeys(rules.ALWAYS + tuple(rules.headers(text))))
        return [arg for name in names for arg in ("-include", name + ".h")]

    def compile(self, text, to=None, seconds=SECONDS):
        """Compiles a dual raft.c from memory; to=None: only to see whether it compiles."""
        options = [*BASIC, "-O0", *ERRORS, *self.features(), *self._includes(text), "-I" + self.top]
        if to:
            options += [*(SANITIZE if self.san else []), "-c", "-o", to]
        else:
            options += ["-S", "-o", "/dev/null"]
        status, log = run([*self.cc, *options, "-x", "c", "-"], self.top, text, seconds,
                          self.env)
        return Compiled(status == 0, log)

    def compile_plain(self, text, scratch):
        """Compiles a raft.c as it is, for what the compiler has to say about it: with the
        warnings of ./build.sh, and the lines it speaks of. scratch: a directory to have it in."""
        folder = os.path.join(scratch, "raft")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "raft.c"), "wb") as f:
            f.write(blanks.encode(text))
        status, log = run([*self.cc, *BASIC, "-Og", "-Wall", "-Wextra", *ERRORS, *self._includes(text), "-I" + self.top,
                           "-S", "-o", "/dev/null", "raft/raft.c"], scratch, env=self.env)
        return Compiled(status == 0, log)

    def link(self, obj, to):
        """Links the program of all tests."""
        status, log = run([*self.cc, *(SANITIZE if self.san else []), "-o", to, self.base, obj, "-lprotobuf-c"],
                          self.top, env=self.env)
        return Compiled(status == 0, log)


def _text_of(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()
