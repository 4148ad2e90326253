# SPDX-License-Identifier: Apache-2.0
"""Which steps are at fault, by substitution.

1. Each step alone: its own tests, then those of all steps together, with this step the
   student's and all others the reference. What fails proves the step wrong.
2. All others together: with the reference in the steps blamed so far. If that is red,
   some steps fail only together: the smallest set of them is found by leaving out one
   after the other, and blamed as a whole.

Until nothing is red: then the verdict is complete. All it needs is run(ids, patterns, jobs),
which returns results of tests with the student's text in the blanks ids."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lab.grader.program import REFERENCE


@dataclass
class Blame:
    """What was found out. Results are those of program.py that did not pass."""

    failures: dict = field(default_factory=dict)  # id -> results
    tests: dict = field(default_factory=dict)  # id -> how many tests were run
    groups: list = field(default_factory=list)  # (ids, results): fail only together
    reference: list = field(default_factory=list)  # fail with the reference in all blanks
    green: tuple = None  # the ids that pass together, the student's text in all of them

    @property
    def blamed(self):
        return set(self.failures) | {id_ for ids, _ in self.groups for id_ in ids}


def find_blame(ids, parts, run, cpus=2, trusted=()):
    """Blame of the steps ids, in this order. parts: the parts of the lab, whose tests are
    those of steps together. trusted: steps that need not be tried alone, for they are
    the reference's word for word."""
    return _Search(ids, parts, run, cpus).search([id_ for id_ in ids if id_ not in trusted])


class _Search:
    def __init__(self, ids, parts, run, cpus):
        self.ids = list(ids)
        self.cluster = [part + "_*" for part in parts]
        self.run = run
        self.cpus = cpus
        self.blame = Blame()

    def search(self, alone):
        if len(alone) == 1:
            self.isolated(alone[0], self.isolate(alone[0], self.cpus))
        elif alone:
            with ThreadPoolExecutor(self.cpus) as pool:
                for id_, results in zip(alone, pool.map(self.isolate, alone)):
                    self.isolated(id_, results)
        while not self.blame.reference:
            left = [id_ for id_ in self.ids if id_ not in self.blame.blamed]
            failed = self.failed(left, []) if left else []
            if not failed:
                self.blame.green = tuple(left)
                break
            if not self.blame.reference and not self.together(left, failed):
                break
        return self.blame

    # --- alone ------------------------------------------------------------------------------

    def isolate(self, id_, jobs=1):
        results = self.run([id_], [id_ + "_*"], jobs)
        if all(r.passed for r in results):
            results = results + self.run([id_], self.cluster, jobs)
        return results

    def isolated(self, id_, results):
        self.blame.tests[id_] = len(results)
        failed = self.sort_out(results)
        if failed:
            self.blame.failures[id_] = failed

    def sort_out(self, results):
        """Those that failed; where the reference itself did, no step is at fault."""
        self.blame.reference += [r for r in results if r.result == REFERENCE]
        return [r for r in results if not r.passed and r.result != REFERENCE]

    # --- together ---------------------------------------------------------------------------

    def failed(self, ids, names):
        return self.sort_out(self.run(ids, ["=" + name for name in names], self.cpus))

    def together(self, ids, failed):
        """Blames the smallest set of steps with which these tests fail. False if they do
        not fail again."""
        names = [r.name for r in failed]
        again = self.failed(ids, names)
        if not again:
            return False
        for id_ in list(reversed(ids)):
            fewer = [i for i in ids if i != id_]
            red = self.failed(fewer, names) if fewer else []
            if red:
                ids, again = fewer, red
        if len(ids) == 1:
            self.blame.failures[ids[0]] = again
        else:
            self.blame.groups.append((tuple(ids), again))
        return True
