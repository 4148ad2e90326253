# SPDX-License-Identifier: Apache-2.0
"""Which steps are at fault, by substitution.

1. Each step alone: its own tests, then the short tests of all steps together, with this step
   the student's and all others the reference. What fails proves the step wrong.
2. All others together: all tests, with the reference in the steps blamed so far. What fails
   there is tried with each step alone; if it passes with each of them, some steps fail only
   together: the smallest set of them is found by leaving out one after the other, and
   blamed as a whole.

Until nothing is red: then the verdict is complete. All it needs is run(ids, patterns, jobs),
which returns results of tests with the student's text in the blanks ids."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lab.grader.program import REFERENCE


@dataclass
class Blame:
    """What was found out. Results are those of program.py that did not pass."""

    failures: dict = field(default_factory=dict)  # id -> results
    tests: dict = field(default_factory=dict)  # id -> how many tests were run with it alone
    groups: list = field(default_factory=list)  # (ids, results): fail only together
    reference: list = field(default_factory=list)  # fail with the reference in all blanks
    green: tuple = None  # the ids that pass together, the student's text in all of them

    @property
    def blamed(self):
        return set(self.failures) | {id_ for ids, _ in self.groups for id_ in ids}


def find_blame(ids, short, run, cpus=2, trusted=()):
    """Blame of the steps ids, in this order. short: patterns of tests of several steps that
    each step has to pass alone. trusted: steps that need not be tried alone, for they are the
    reference's word for word."""
    with ThreadPoolExecutor(cpus) as pool:
        search = _Search(ids, short, run, pool, cpus)
        search.alone([id_ for id_ in ids if id_ not in trusted])
        search.together()
        return search.blame


class _Search:
    def __init__(self, ids, short, run, pool, cpus):
        self.ids = list(ids)
        self.short = list(short)
        self.run = run
        self.pool = pool
        self.cpus = cpus
        self.blame = Blame()

    def sort_out(self, results):
        """Those that failed; where the reference itself did, no step is at fault."""
        self.blame.reference += [r for r in results if r.result == REFERENCE]
        return [r for r in results if not r.passed and r.result != REFERENCE]

    # --- alone ------------------------------------------------------------------------------

    def alone(self, ids):
        for id_, results in zip(ids, self.pool.map(self.isolate, ids)):
            self.blame.tests[id_] = len(results)
            failed = self.sort_out(results)
            if failed:
                self.blame.failures[id_] = failed

    def isolate(self, id_):
        results = self.run([id_], [id_ + "_*"], 1)
        if self.short and all(r.passed for r in results):
            results = results + self.run([id_], self.short, 1)
        return results

    # --- together ---------------------------------------------------------------------------

    def together(self):
        """Until all that are not blamed pass, or nobody can be blamed for what fails."""
        while not self.blame.reference:
            left = [id_ for id_ in self.ids if id_ not in self.blame.blamed]
            failed = self.sort_out(self.run(left, [], self.cpus)) if left else []
            if not failed:
                self.blame.green = tuple(left)
                return
            if not self.by_tests(left, [r.name for r in failed]):
                return

    def by_tests(self, ids, names):
        """Blames who fails these tests alone, else the smallest set that fails them. False if
        nobody does any more."""
        runs = list(self.pool.map(lambda id_: self.sort_out(self.run([id_], _exactly(names), 1)), ids))
        guilty = {id_: failed for id_, failed in zip(ids, runs) if failed}
        if guilty:
            self.blame.failures.update(guilty)
            return True
        again = self.sort_out(self.run(ids, _exactly(names), self.cpus))
        if not again:
            return False
        for id_ in reversed(list(ids)):
            fewer = [i for i in ids if i != id_]
            red = self.sort_out(self.run(fewer, _exactly(names), self.cpus)) if fewer else []
            if red:
                ids, again = fewer, red
        self.blame.groups.append((tuple(ids), again))
        return True


def _exactly(names):
    return ["=" + name for name in names]
