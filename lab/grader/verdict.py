# SPDX-License-Identifier: Apache-2.0
"""What the grader finds out about one raft.c: the values that judge.py makes, and all
reports (terminal, JSON, JUnit, Gradescope, CSV) are made from."""

from dataclasses import dataclass, field

# What can become of a step.
PASSED = "passed"
FAILED = "failed"
EMPTY = "not-filled"
COMPILE_ERROR = "compile-error"
TAMPERED = "tampered"

# The verdict on a whole file, the gravest first: one step suffices.
GRAVITY = ((TAMPERED, "tampered"), (COMPILE_ERROR, "compile-error"), (FAILED, "fail"), (EMPTY, "not-filled"))


@dataclass
class Failure:
    """One test that did not pass, in words for the student. Texts that do not apply
    are empty. Places are "file:line"; those in raft/raft.c are lines of the file that
    was judged."""

    test: str  # "e5_vote_is_granted_to_who_asked"
    result: str  # fail, timeout, crash, panic, exit, forbidden or memory
    place: str = ""  # where in raft/raft.c the test ended, if it ended there
    expectation: str = ""  # where in the test the failed expectation stands
    about: str = ""  # what happens in the test
    expected: str = ""
    seen: str = ""
    event: str = ""  # the first event after which the run departs from the reference
    reference: str = ""  # what the reference does then
    yours: str = ""  # what the judged file does then
    think: str = ""  # a question


@dataclass
class StepVerdict:
    """What became of one step. `steps` of a failure that only some steps together
    bring about are all of these, in the order of the table."""

    id: str
    status: str
    failures: list = field(default_factory=list)  # of Failure, the most telling first
    tests: int = 0  # how many tests were run
    reason: str = ""  # in one line, for tampered and compile-error
    diagnostics: str = ""  # what the compiler says, for compile-error
    proof: str = ""  # in one line: the substitution that shows whose fault it is
    together: tuple = ()  # ids of the steps that fail only together with this one


@dataclass
class Verdict:
    """What became of a file: its steps by id, in the order of the table."""

    file: str
    table: list  # of steps.Step
    steps: dict = field(default_factory=dict)  # id -> StepVerdict
    outside: list = field(default_factory=list)  # what was changed outside the blanks, in lines for people
    outside_failure: object = None  # a Failure that stays with the reference in all blanks
    seconds: float = 0.0

    @property
    def verdict(self):
        """pass, fail, not-filled, compile-error or tampered."""
        statuses = {s.status for s in self.steps.values()}
        for status, word in GRAVITY:
            if status in statuses:
                return word
        return "fail" if self.outside_failure else "pass"

    @property
    def blamed(self):
        """The steps that are at fault, in the order in which they are best mended.
        Empty ones only if there is nothing else to blame."""
        at_fault = [s for s in self.steps.values() if s.status not in (PASSED, EMPTY)]
        return at_fault or [s for s in self.steps.values() if s.status == EMPTY]

    @property
    def points(self):
        """The points of the steps that passed."""
        return sum(step.points for step in self.table if self.steps[step.id].status == PASSED)
