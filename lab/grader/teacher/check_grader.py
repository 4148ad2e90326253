# SPDX-License-Identifier: Apache-2.0
"""make check-grader: how good is the grader? Puts each filling of the banks (bank.py) into
the otherwise right raft.c, has it judged as --grade does, and prints what came of it:

    one by one   every mistake is caught, and its step named
    pairs        of mistakes in two steps: both are named, in the order of the table
    triples      of mistakes, with alternatives in all other steps: the three are named
    alternatives each alone, and combined at random: no false alarm

The last line is "N passed, M failed", where each expectation counts."""

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from lab.grader.blanks import encode
from lab.grader.prepared import Lab, LabError
from lab.grader.steps import TOP
from lab.grader.teacher.bank import BadFilling, graft, read_bank
from lab.grader.teacher.grade import Grading
from lab.grader.teacher.message import message
from lab.grader.teacher.options import Options
from lab.grader.verdict import GRAVITY

GROUPS = ("reference", "mistakes", "pairs", "triples", "alternatives", "combinations")
HOSTILE_PAIRS, TRIPLES, COMBINATIONS = 30, 15, 15
NAMED, SECONDS = 0.97, 3.0  # what is wanted: steps named rightly, and the median verdict
TITLES = {"reference": "No filling", "mistakes": "Mistakes, one by one", "pairs": "Mistakes in two steps", "triples":
          "Mistakes in three steps, alternatives in all others", "alternatives": "Alternatives, one by one",
          "combinations": "Alternatives in all steps"}


@dataclass
class Case:
    """A raft.c to be judged, and what is expected of the judge."""

    group: str
    fillings: list  # those that it is about
    rest: list = field(default_factory=list)  # right ones, in the other steps
    verdict: object = None  # what the judge said; None if it could not
    why: str = ""  # why it could not

    @property
    def label(self):
        if self.group == "combinations":
            return " ".join(f.name for f in self.rest)
        if self.group == "reference":
            return "the reference itself"
        return " + ".join(f.name for f in self.fillings)

    @property
    def texts(self):
        return {f.step: f.text for f in self.rest + self.fillings}

    @property
    def expected(self):
        """The verdict on the whole is that on the worst step."""
        verdicts = [f.verdict for f in self.fillings]
        return next((word for _, word in GRAVITY if word in verdicts), "pass")

    @property
    def to_name(self):
        return [f.step for f in self.fillings if f.verdict != "pass"]

    # --- what came of it ------------------------------------------------------------------

    @property
    def said(self):
        return self.verdict.verdict if self.verdict else "none"

    @property
    def caught(self):
        return self.said not in ("pass", "none")

    @property
    def named(self):
        return [s.id for s in self.verdict.blamed] if self.verdict and self.said != "pass" else []

    @property
    def ends_as_told(self):
        """Whether a filling that ends by force is told to have done so."""
        wanted = self.fillings[0].fields.get("ends") if self.group == "mistakes" else None
        return not wanted or wanted in {f.result for f in self._failures(self.fillings[0].step)}

    def _failures(self, id_):
        return self.verdict.steps[id_].failures if self.verdict else []

    @property
    def checks(self):
        """The expectations: [(whether it holds, what is wrong if not)]."""
        found = [(self.said == self.expected, f"expected {self.expected}, got {self.said}"),
                 (self.named == self.to_name, f"should name {_ids(self.to_name)}, names {_ids(self.named)}")]
        if self.group == "mistakes" and "ends" in self.fillings[0].fields:
            ends = sorted({f.result for f in self._failures(self.fillings[0].step)})
            found.append((self.ends_as_told, f"should end by {self.fillings[0].fields['ends']}, ends by {_ids(ends)}"))
        return found

    @property
    def seconds(self):
        return self.verdict.seconds if self.verdict else 0.0


def _ids(ids):
    return " ".join(ids) or "nothing"


# --- which cases there are ------------------------------------------------------------------


def make_cases(table, mistakes, alternatives):
    """All cases, the same ones each time."""
    ids = [step.id for step in table]
    dice = random.Random("raftlab")
    by_step = {id_: [f for f in alternatives if f.step == id_] for id_ in ids}
    wrong = {id_: [f for f in mistakes if f.step == id_ and f.verdict not in ("pass", "not-filled")] for id_ in ids}
    cases = [Case("reference", [])] + [Case("mistakes", [f]) for f in mistakes]
    cases += [Case("pairs", fillings) for fillings in _pairs(ids, wrong, dice)]
    for _ in range(TRIPLES if sum(map(bool, wrong.values())) > 2 else 0):
        three = sorted(dice.sample([i for i in ids if wrong[i]], 3), key=ids.index)
        cases.append(Case("triples", [dice.choice(wrong[i]) for i in three], _right(by_step, dice, three)))
    cases += [Case("alternatives", [f]) for f in alternatives]
    if alternatives:
        cases += [Case("combinations", [], _right(by_step, dice)) for _ in range(COMBINATIONS)]
    return cases


def _pairs(ids, wrong, dice):
    """One pair of mistakes for any two steps, and some of which one at least is hostile."""
    both = [(a, b) for a, b in itertools.combinations(ids, 2) if wrong[a] and wrong[b]]
    for a, b in both:
        yield [dice.choice(wrong[a]), dice.choice(wrong[b])]
    hostile = {id_: [f for f in fillings if f.hostile] for id_, fillings in wrong.items()}
    some = [(a, b) for a, b in both if hostile[a] or hostile[b]]
    for a, b in dice.sample(some, min(HOSTILE_PAIRS, len(some))):
        first = hostile[a] and (not hostile[b] or dice.random() < 0.5)
        yield [dice.choice(hostile[a] if first else wrong[a]), dice.choice(wrong[b] if first else hostile[b])]


def _right(by_step, dice, but=()):
    """A right filling of each step but these."""
    return [dice.choice(fillings) for id_, fillings in by_step.items() if fillings and id_ not in but]


def select(cases, patterns):
    """The cases that the patterns ask for: names of groups, and of fillings (as in the shell)."""
    if not patterns:
        return cases
    groups = [p for p in patterns if p in GROUPS]
    names = [p for p in patterns if p not in GROUPS]
    return [c for c in cases if c.group in groups + ["reference"]
            or c.group in ("mistakes", "alternatives") and any(_matches(c.label, p) for p in names)]


def unknown(mistakes, alternatives, patterns):
    """The patterns that no group and no filling matches."""
    names = [f.name for f in mistakes + alternatives]
    return [p for p in patterns if p not in GROUPS and not any(_matches(name, p) for name in names)]


def _matches(name, pattern):
    return fnmatchcase(name, pattern) or name.startswith(pattern + "-")


# --- judging ----------------------------------------------------------------------------------


def judge_all(lab, cases, jobs):
    """Yields the cases one after the other, judged."""
    with tempfile.TemporaryDirectory(prefix="raftlab-bank.") as folder:
        files = []
        for number, case in enumerate(cases):
            files.append(os.path.join(folder, f"{number}.c"))
            with open(files[-1], "wb") as file:
                file.write(encode(graft(lab.reference.source, case.texts)))
        with Grading(lab, Options(jobs=jobs), "en") as grading:
            for case, outcome in zip(cases, grading.run(files)):
                case.verdict, case.why = outcome.verdict, outcome.why
                yield case


# --- what is printed ----------------------------------------------------------------------------


class Matrix:
    """Prints a line for each case, and counts expectations."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.group = ""
        self.passed = self.failed = 0
        self.width = 0

    def count(self, holds):
        self.passed += holds
        self.failed += not holds
        return holds

    def heading(self, case):
        if case.group == self.group:
            return
        self.group = case.group
        print(f"\n{TITLES[case.group]}\n")
        print(f"{'filling':<44} {'expected':<13} {'verdict':<13} {'caught':<6}  {'named':<14} {'seconds':>7}")

    def add(self, case):
        self.heading(case)
        wrong = [what for holds, what in case.checks if not self.count(holds)]
        caught = "-" if case.expected == "pass" else "yes" if case.caught else "NO"
        label = case.label
        if len(label) > 44:
            print(label)
            label = ""
        print(f"{label:<44} {case.expected:<13} {case.said:<13} {caught:<6}  {' '.join(case.named) or '-':<14} "
              f"{case.seconds:7.2f}{'  <---' if wrong else ''}")
        for what in wrong:
            print(f"    FAILED: {what}")
        if wrong or self.verbose:
            print("    " + (message(case.verdict, "en") if case.verdict else case.why).replace("\n", "\n    "))
        sys.stdout.flush()

    def missing(self, table, mistakes, alternatives):
        """Each step needs a mistake and an alternative."""
        for step in table:
            lacks = [f"no {one} in lab/{folder}/" for one, folder, bank in
                     (("mistake", "mistakes", mistakes), ("alternative", "alternatives", alternatives))
                     if not self.count(any(f.step == step.id for f in bank))]
            if lacks:
                print(f"FAILED: step {step.id} ({step.marker}) has {' and '.join(lacks)}")


def summarize(cases, matrix):
    """The lines at the end, and the targets, which are expectations as well."""
    wrong = [c for c in cases if c.expected != "pass"]
    caught = [c for c in wrong if c.caught]
    named = [c for c in wrong if c.named == c.to_name]
    quiet = [c for c in cases if c.group in ("alternatives", "combinations")]
    alarms = [c for c in quiet if c.said != "pass"]
    print()
    for group in ("mistakes", "pairs", "triples"):
        mine = [c for c in wrong if c.group == group]
        if mine:
            print(f"{TITLES[group]}: {sum(c in caught for c in mine)} of {len(mine)} caught, the right "
                  f"step{'s' if group != 'mistakes' else ''} named in {sum(c in named for c in mine)}")
    if wrong:
        print(f"Right step named: {100 * len(named) / len(wrong):.1f} % of {len(wrong)}")
        matrix.count(len(named) >= NAMED * len(wrong))
    if quiet:
        print(f"False alarms: {len(alarms)} of {len(quiet)} right files")
    times = [c.seconds for c in cases if c.verdict]
    if times:
        slowest = max((c for c in cases if c.verdict), key=lambda c: c.seconds)
        median = statistics.median(times)
        print(f"Seconds for a verdict: median {median:.2f}, maximum {slowest.seconds:.2f} ({slowest.label}); "
              f"{len(os.sched_getaffinity(0))} CPUs, load average {os.getloadavg()[1]:.1f}")
        matrix.count(median <= SECONDS)
    print_unobservable([c for c in cases if c.group == "mistakes" and c.expected == "pass"])


def print_unobservable(cases):
    if not cases:
        return
    print(f"\nMistakes that nobody can see ({len(cases)}), and why:")
    for case in cases:
        fields = case.fillings[0].fields
        print(f"  {case.label}: {fields['wrong']}\n      {fields['proof']}")


# --- the command ----------------------------------------------------------------------------------


def parse(argv):
    parser = argparse.ArgumentParser(prog="python3 -B -m lab.grader.teacher.check_grader",
                                     description="Measures the grader by the banks of fillings.")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN",
                        help=f"a step (e5), a filling (e5-*), or one of {', '.join(GROUPS)}; without any: all")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what the student is told, too")
    parser.add_argument("-j", "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="files at a time")
    return parser.parse_args(argv)


def main(argv):
    """Exit status."""
    options = parse(argv)
    matrix = Matrix(options.verbose)
    lab = Lab()
    try:
        mistakes, alternatives = (read_bank(os.path.join(TOP, "lab", kind), lab.table)
                                  for kind in ("mistakes", "alternatives"))
        lab.prepare("en")
    except (BadFilling, LabError, FileNotFoundError) as error:
        print(f"check-grader: {error}\n0 passed, 1 failed")
        return 1
    for pattern in unknown(mistakes, alternatives, options.patterns):
        print(f"check-grader: nothing is called {pattern}")
        return 2
    cases = select(make_cases(lab.table, mistakes, alternatives), options.patterns)
    for case in judge_all(lab, cases, max(1, options.jobs)):
        matrix.add(case)
        if case.group == "reference" and matrix.failed:
            print("\ncheck-grader: nothing can be measured as long as the reference does not pass")
            break
    else:
        summarize(cases, matrix)
    matrix.missing(lab.table, mistakes, alternatives)
    print(f"{matrix.passed} passed, {matrix.failed} failed")
    return 1 if matrix.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
