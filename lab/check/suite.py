# SPDX-License-Identifier: Apache-2.0
"""All checks of the lab, in order."""

import os
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from lab.check import files, handout as handouts, hostile, student, surroundings, usage
from lab.check.cases import Course, at_once, try_case
from lab.check.table import check_table
from lab.check.tally import Tally
from lab.check.tree import Pool, environment, run
from lab.grader.blanks import read_source

AT_A_TIME = 2  # handouts in which cases are tried at the same time


def main(top, words):
    if os.path.exists(os.path.join(top, "lab", "HANDOUT")):
        print("check-lab: this is a handout; the lab is checked where its solutions are")
        print("0 passed, 0 failed")
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    scratch = os.path.realpath(tempfile.mkdtemp(prefix="raftlab-check."))
    tally = Tally()
    try:
        _Suite(tally, top, scratch, words).run()
    except KeyboardInterrupt:
        tally.line("check-lab: interrupted")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return tally.end()


class _Suite:
    def __init__(self, tally, top, scratch, words):
        self.tally = tally
        self.top = top
        self.scratch = scratch
        self.words = words
        self.course = None
        self.spare = None  # a handout in which nothing is built

    def wanted(self, name):
        return not self.words or any(word in name for word in self.words)

    def run(self):
        steps = check_table(self.tally, self.top)
        if steps is None:
            self.tally.note("When that is mended, the rest will be checked.")
            return
        self.course = Course(steps, read_source(os.path.join(self.top, "raft", "raft.c")))
        self.guides()
        first = handouts.check_handout(self.tally, self.top, self.course, self.scratch)
        if first:
            self.in_handouts(first)

    def guides(self):
        """The guides that are made of the parts are what the parts are."""
        ran = run([sys.executable, "-B", "lab/guide.py", "check"], self.top, environment(self.scratch))
        self.tally.check(ran.status == 0, "the lab guide is what its parts are (make lab-guide)", ran.out)

    def in_handouts(self, first):
        trees = [first]
        for number in range(1, AT_A_TIME):
            trees.append(first.copy(f"{first.top}{number}", os.path.join(self.scratch, f"tmp{number}")))
        self.spare = first.copy(first.top + "2", os.path.join(self.scratch, "tmp2"))
        pool = Pool(trees)
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            list(threads.map(self.build, trees))
            todo = [threads.submit(self.guarded, pool, name, call) for name, call in self.calls() if self.wanted(name)]
            try:
                for done in todo:
                    done.result()
            except KeyboardInterrupt:
                threads.shutdown(cancel_futures=True)
                raise
        if not self.words:
            first.write(self.course.source.emptied())
            handouts.no_solution(self.tally, self.course, first, "what a run leaves behind")
        surroundings.leftovers(self.tally, [*trees, self.spare])

    def build(self, tree):
        """What all runs share, so that it is not taken for a part of the first."""
        tree.write(self.course.text)
        ran = tree.lab(self.course.ids[0])
        self.tally.check(ran.last == "PASS", "what all runs share is built", ran.out)

    def elsewhere(self):
        self.spare = surroundings.elsewhere(self.tally, self.course, self.spare)

    def guarded(self, pool, name, call):
        """A check that breaks down is a check that failed."""
        with pool.handout() as tree:
            try:
                call(tree)
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.tally.check(False, f"{name}: {error!r}")

    def calls(self):
        """(name, what is to be called with a handout), the longest first."""
        tally, course = self.tally, self.course
        yield "elsewhere", lambda _: self.elsewhere()
        for check in (surroundings.sanitizers, surroundings.tools):
            yield check.__name__, lambda tree, check=check: check(tally, course, tree)
        cases = self.cases()
        yield "grades", lambda tree: usage.check_grades(tally, course, tree, [case for case in cases if case.grade],
                                                        os.path.join(self.scratch, "graded"))
        for case in [case for case in cases if case.run]:
            yield case.what, lambda tree, case=case: try_case(case, course, tree, tally)
        for case in self.of_this_course(usage.chinese(course)):
            yield case.what, lambda tree, case=case: usage.try_language(tally, course, tree, case)
        for check in (surroundings.debugger, surroundings.from_raft, surroundings.files, surroundings.terminal,
                      usage.check_usage):
            yield check.__name__, lambda tree, check=check: check(tally, course, tree)

    def cases(self):
        course, mistakes = self.course, os.path.join(self.top, "lab", "mistakes")
        here = self.of_this_course
        found = [*student.together(course), *student.each_step_wrong(course, mistakes), *student.SEVERAL,
                 *student.DIFFERENT, *student.COMPILER, *files.HARMLESS, *files.markers(course),
                 *files.outside(course), *files.no_file(course)]
        wrong, misbehaving = here(student.WRONG), here(hostile.cases())
        return here(found) + [*at_once(wrong), *at_once(misbehaving)]

    def of_this_course(self, cases):
        """Those whose steps the course has: it may have left some out."""
        return [case for case in cases if set(case.names()) <= set(self.course.ids)]
