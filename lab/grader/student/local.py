# SPDX-License-Identifier: Apache-2.0
"""./raftLab_test.sh: how far has raft/raft.c come?"""

import os
import signal
import subprocess
import sys

from lab.grader import options as command_line
from lab.grader import words
from lab.grader.blanks import SourceError, read_source
from lab.grader.build import Build, BuildError
from lab.grader.judge import Case
from lab.grader.reference import RAFT_C, NoReference, Reference
from lab.grader.steps import TOP, read_steps
from lab.grader.student import debugger, hint, watch
from lab.grader.student.report import Report
from lab.grader.teacher import grade

ME = "raftLab_test.sh: "


def main(argv):
    """The exit status."""
    _speak_unicode()
    signal.signal(signal.SIGTERM, _terminated)
    signal.signal(signal.SIGHUP, _terminated)
    try:
        status = _main(argv)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # No one reads any more; nor must Python try to write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except command_line.UsageError as error:
        print(f"{ME}{error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        # A disk that is full, a table of steps that is broken.
        print(ME + str(error), file=sys.stderr)
        return 2


def _terminated(number, _frame):
    sys.exit(128 + number)


def _speak_unicode():
    for stream in (sys.stdout, sys.stderr):
        try:
            "中".encode(stream.encoding)
            stream.reconfigure(errors="backslashreplace")
        except (UnicodeEncodeError, LookupError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _main(argv):
    table = read_steps()
    options = command_line.parse(argv, table)
    if options.help:
        print(command_line.usage(table, options.lang))
        return 0
    if options.command == "hint":
        return hint.main(options.rest, options.lang)
    if options.command == "watch":
        return watch.main(options.ids, options.lang)
    if options.command == "grade":
        return grade.main(options.rest, options.lang)
    return Run(options).run()


class Run:
    """A run of the tests."""

    def __init__(self, options):
        self.options = options
        self.lang = options.lang
        self.build = Build("address" if options.command == "sanitize" else "", waiting=lambda: self.tell("waiting"))

    def tell(self, key, **names):
        print(words.say(self.lang, key, **names), flush=True)

    def run(self):
        path = os.path.join(TOP, RAFT_C)
        if not os.path.lexists(path):
            self.tell("no-file")
            return self.fail()
        try:
            text = read_source(path)
            reference = Reference.load(path)
            if self.options.command == "gdb":
                return self.debug(text, reference)
            return self.test(text, reference)
        except SourceError as error:
            print(str(error).replace(path, RAFT_C))
        except NoReference as error:
            print(str(error).replace(TOP + os.sep, ""))
        except BuildError as error:
            self.tell(error.key, **error.names)
            if error.log and error.key != "tools-missing":
                print("\n".join("    " + line for line in error.log.splitlines()[-30:]))
            if error.key in ("tools-missing", "not-writable"):
                return 2
        return self.fail()

    @staticmethod
    def fail():
        print("FAIL")
        return 1

    def test(self, text, reference):
        with Case(text, RAFT_C, reference, self.lang, self.options.ids or None, self.build, own_outside=True) as case:
            verdict = case.verdict()
            warnings = case.warnings()
        self.report(verdict, case, warnings, reference.handout)
        return 0 if verdict.verdict == "pass" else 1

    def report(self, verdict, case, warnings=(), handout=False):
        report = Report(verdict, case.source, self.lang, sys.stdout, bool(self.options.ids),
                        self.options.command == "sanitize")
        files = self.changed_files() if handout else []
        remarks = [words.say(self.lang, "markers-stay")] if case.source.problems else []
        remarks += [words.say(self.lang, "outside-files", files=" ".join(files))] if files else []
        print("\n".join(report.lines(warnings, remarks)))

    @staticmethod
    def changed_files():
        """What of the lab differs from what was handed out, but for raft.c."""
        def git(*args):
            try:
                return subprocess.run(["git", *args], cwd=TOP, capture_output=True, text=True, errors="replace",
                                      stdin=subprocess.DEVNULL, check=False).stdout.split("\n")
            except OSError:
                return []
        root = git("rev-list", "--max-parents=0", "HEAD")
        if not root or not root[0]:
            return []
        names = git("diff", "--name-only", root[0], "--", "raft", "lab", "Makefile", "raftLab_test.sh")
        return [name for name in names if name and name != RAFT_C][:3]

    def debug(self, text, reference):
        if not debugger.is_there():
            self.tell("tools-missing", tools="gdb", packages="gdb")
            return 2
        id_ = self.options.ids[0]
        done = debugger.run_gdb(text, RAFT_C, reference, self.lang, id_, self.build, self.tell)
        if done is None:
            return 0
        result = done.steps[id_]
        print("\n".join(line for line in (result.reason, result.diagnostics) if line))
        return self.fail()
