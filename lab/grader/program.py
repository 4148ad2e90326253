# SPDX-License-Identifier: Apache-2.0
"""The program of all tests: runs some of them with the student's text in some blanks,
and reads what they report."""

import os
import subprocess
import tempfile
from dataclasses import dataclass

from lab.grader.build import kill

SECONDS = 120  # for one run, if all goes wrong: each test has a limit of its own
PASS, REFERENCE = "pass", "reference"
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


@dataclass
class Result:
    """A line of the runner's report."""

    name: str
    result: str  # pass, or how the test failed
    place: str = ""  # file:line
    backtrace: tuple = ()  # file:line of the callers, innermost first
    message: str = ""
    notes: tuple = ()  # "about: ...", "departs: ..."
    printed: str = ""  # what the test printed, if that was asked for

    @property
    def passed(self):
        return self.result == PASS

    def note(self, name):
        """The text of the last note of that name."""
        return next((n[len(name) + 2:] for n in reversed(self.notes) if n.startswith(name + ": ")), "")


def unescape(text):
    out, parts = [], iter(text)
    for c in parts:
        out.append(ESCAPES.get(n, "\\" + n) if c == "\\" and (n := next(parts, "")) is not None else c)
    return "".join(out)


def read_report(text):
    """The results of a report; lines that are none are passed over."""
    results = []
    for line in text.split("\n"):
        fields = line.split("\t")
        if len(fields) < 6:
            continue
        place, backtrace = ("" if f == "-" else f for f in fields[3:5])
        notes = _notes(unescape(fields[6])) if len(fields) > 6 and fields[6] != "-" else ()
        message = "" if fields[5] == "-" else unescape(fields[5])
        results.append(Result(fields[0], fields[1], place, tuple(backtrace.split()), message, notes))
    return results


def _notes(text):
    """Notes, one a line; a line that begins none belongs to the one before."""
    notes = []
    for line in text.split("\n"):
        name = line.split(": ", 1)[0]
        if name in ("about", "think", "departs", "reference", "yours") or not notes:
            notes.append(line)
        else:
            notes[-1] += "\n" + line
    return tuple(notes)


class Program:
    """The linked program. run() may be called by several threads."""

    def __init__(self, path, top, lang, san=""):
        self.path = path
        self.top = top
        self.san = san
        self.env = dict(os.environ, RAFTLAB_LANG=lang, MALLOC_PERTURB_="165")
        if san:
            self.env.update(ASAN_OPTIONS="detect_leaks=0:quarantine_size_mb=16:hard_rss_limit_mb=300",
                            UBSAN_OPTIONS="print_stacktrace=0")
            del self.env["MALLOC_PERTURB_"]

    def tests(self):
        """The names of all tests."""
        done = subprocess.run([self.path, "-l"], cwd=self.top, env=dict(self.env, RAFTLAB_STUDENT=""), check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout.decode("utf-8", "replace").split()

    def run(self, students, patterns, jobs=1):
        """Runs the tests of these patterns with the student's text in these blanks. Returns
        a list of Result; after an endless loop no further test is begun."""
        handle, report = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix="report.")
        os.close(handle)
        argv = [self.path, "-j", str(jobs), "--report", report, "--stop-on-hang", *patterns]
        env = dict(self.env, RAFTLAB_STUDENT=",".join(students))
        with subprocess.Popen(argv, cwd=self.top, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                output = process.communicate(timeout=SECONDS)[0]
            except subprocess.TimeoutExpired:
                kill(process)
                output = process.communicate()[0]
            except BaseException:
                kill(process)
                raise
        with open(report, encoding="utf-8", errors="replace") as f:
            results = read_report(f.read())
        os.remove(report)
        return self._complete(results, process.returncode, output.decode("utf-8", "replace"), patterns)

    def _complete(self, results, status, output, patterns):
        """Adds what the report does not have: what was printed, and that there was no end."""
        if self.san:
            _add_printed(results, output)
        killed = status < 0 or status > 1
        if killed and "no test matches" in output:
            return []
        if killed and not any(not r.passed for r in results):
            name = patterns[0].strip("=*_") + "_all" if patterns else "all"
            results.append(Result(name, "crash", message="the program of all tests was killed (by a test?)"))
        return results


def _add_printed(results, output):
    """A sanitizer's words are in what the test printed, under a line that begins with its name."""
    by_name = {r.name: r for r in results}
    current = None
    for line in output.split("\n"):
        words = line.split(" ")
        if len(words) > 1 and words[1] in by_name:
            current = by_name[words[1]]
        elif current:
            current.printed += line + "\n"
