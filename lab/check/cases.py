# SPDX-License-Identifier: Apache-2.0
"""What a case is: a raft.c in a handout, a command, and what has to come of it."""

import re
from dataclasses import dataclass, field

from lab.grader.blanks import Source

# How ./raftLab_test.sh calls what can become of a step.
WORDS = {
    "en": {"passed": "passed", "failed": "failed", "empty": "not filled in yet", "broken": "does not compile",
           "tampered": "not judged"},
    "zh": {"passed": "通过", "failed": "未通过", "empty": "未填写", "broken": "编译不过", "tampered": "未评判"},
}


MOST = 6  # wrong steps in one file
HERE = "@HERE@"  # stands for the first line of a blank


class Course:
    """The steps, the solved raft.c, and other texts for its blanks."""

    def __init__(self, steps, text):
        self.steps = steps
        self.ids = [step.id for step in steps]
        self.text = text
        self.source = Source(text, steps)

    def put(self, **texts):
        """The solution, with other texts in some blanks."""
        return self.source.graft(texts)

    def part(self, name):
        return [step.id for step in self.steps if step.part == name]

    def marker(self, id_):
        return next(step.marker for step in self.steps if step.id == id_)

    def line(self, id_):
        """The first line of what stands in a blank."""
        return self.source.blanks[id_].first


@dataclass
class Case:
    """A run of ./raftLab_test.sh, of the steps that the case names and of one more, which is to
    pass as all do that are not named. The same file is graded with all of its steps, which is
    cheap: a step that has the reference's text needs no trial there."""

    what: str
    put: dict = field(default_factory=dict)  # id: text, in place of the solution
    content: object = None  # the whole file, as a function of the Course, where `put` does not do
    whole: bool = False  # all steps are run
    steps: tuple = ()  # or these steps and parts
    flags: tuple = ()
    env: dict = field(default_factory=dict)
    lang: str = "en"
    failed: tuple = ()
    empty: tuple = ()
    broken: tuple = ()  # that do not compile
    tampered: tuple = ()
    by_force: tuple = ()  # that do what no test may: failed to a student, tampered with to a teacher
    says: tuple = ()  # regular expressions for what has to be said
    never: tuple = ()  # and for what must not
    of_step: dict = field(default_factory=dict)  # id: expressions for what has to be said of this step; HERE: its line
    seconds: float = 0  # it has to be over in (0: no matter)
    run: bool = True  # by ./raftLab_test.sh, and
    grade: bool = True  # by ./raftLab_test.sh --grade: for cases of which one of them is enough

    @property
    def at_fault(self):
        return (*self.failed, *self.broken, *self.tampered, *self.by_force)

    def names(self):
        return [*self.put, *self.empty, *self.at_fault]

    def text(self, course):
        return self.content(course) if self.content else course.put(**self.put)

    def arguments(self, course):
        """The steps on the command line."""
        named = [id_ for id_ in course.ids if id_ in self.names()]
        if self.whole or self.steps or not named:
            return self.steps
        witness = [id_ for id_ in course.ids if id_ not in named]
        later = [id_ for id_ in witness if course.ids.index(id_) > course.ids.index(named[-1])]
        return sorted(named + (later or witness)[:1], key=course.ids.index)

    def asked(self, course):
        """The steps that the command asks for."""
        ids = [id_ for arg in self.arguments(course) for id_ in ([arg] if arg in course.ids else course.part(arg))]
        return ids or course.ids

    def expected(self, course):
        """{id: words that may stand behind it}"""
        words = WORDS[self.lang]
        wanted = {id_: (words["passed"],) for id_ in self.asked(course)}
        for kind in ("failed", "empty", "broken", "tampered"):
            wanted.update({id_: (words[kind],) for id_ in getattr(self, kind) if id_ in wanted})
        wanted.update({id_: (words["failed"], words["tampered"]) for id_ in self.by_force if id_ in wanted})
        return wanted

    def passes(self, course):
        asked = self.asked(course)
        return not any(id_ in asked for id_ in (*self.at_fault, *self.empty))

    def graded(self):
        """The verdict of --grade on the file: the gravest counts."""
        for ids, word in ((self.tampered + self.by_force, "tampered"), (self.broken, "compile-error"),
                          (self.failed, "fail"), (self.empty, "not-filled")):
            if ids:
                return word
        return "pass"


def at_once(cases):
    """The cases of one step each, in fewer runs: those of different steps together. Each step has
    to have its own verdict, whatever the others do."""
    left = list(cases)
    while left:
        chosen = {}
        for case in left:
            if len(chosen) < MOST:
                chosen.setdefault(case.names()[0], case)
        left = [case for case in left if case not in chosen.values()]
        yield Case("; ".join(case.what for case in chosen.values()),
                   {id_: case.put[id_] for id_, case in chosen.items()},
                   failed=tuple(id_ for id_, case in chosen.items() if case.failed),
                   tampered=tuple(id_ for id_, case in chosen.items() if case.tampered),
                   by_force=tuple(id_ for id_, case in chosen.items() if case.by_force),
                   of_step={id_: case.says for id_, case in chosen.items()},
                   never=tuple({pattern for case in chosen.values() for pattern in case.never}),
                   seconds=sum(case.seconds for case in chosen.values()))


def try_case(case, course, handout, tally):
    """Runs a case in a handout and checks what came of it. Returns: what it printed."""
    handout.write(case.text(course))
    ran = handout.lab(*case.arguments(course), *case.flags, env=case.env)
    passes = case.passes(course)
    tally.check(ran.status == (0 if passes else 1) and ran.last == ("PASS" if passes else "FAIL"),
                f"{case.what}: ends with {'PASS' if passes else 'FAIL'} (status: {ran.status})", ran.out)
    seen, wanted = ran.verdicts(course.steps), case.expected(course)
    wrong = [f"{id_} \"{seen.get(id_, 'not named')}\"" for id_, words in wanted.items()
             if not seen.get(id_, "").startswith(words)]
    tally.check(not wrong, f"{case.what}: {_sentence(case)} (not: {', '.join(wrong)})", ran.out)
    tally.check(list(seen) == [id_ for id_ in course.ids if id_ in wanted],
                f"{case.what}: each step once, in the order of the table", ran.out)
    for pattern in case.says:
        tally.check(re.search(pattern, ran.out, re.M), f"{case.what}: says /{pattern}/", ran.out)
    sections = ran.sections(course.steps)
    for id_, patterns in case.of_step.items():
        line = Source(case.text(course), course.steps).blanks[id_].first
        for pattern in patterns:
            pattern, said = pattern.replace(HERE, rf"raft/raft\.c:{line}\b"), sections.get(id_, "")
            tally.check(re.search(pattern, said, re.M), f"{case.what}: says of {id_} /{pattern}/", said)
    for pattern in case.never:
        tally.check(not re.search(pattern, ran.out, re.M), f"{case.what}: does not say /{pattern}/", ran.out)
    if case.seconds:
        # Others may be at work here: what counts is the computing; and nobody waits for long.
        tally.check(ran.cpu < case.seconds and ran.seconds < 6 * case.seconds,
                    f"{case.what}: is over in {case.seconds} s (it computed for {ran.cpu:.1f} s, and took "
                    f"{ran.seconds:.1f} s)", ran.out)
    return ran


def _sentence(case):
    kinds = {"failed": case.failed, "not filled in": case.empty, "do not compile": case.broken,
             "tampered with": case.tampered, "do what is not allowed": case.by_force}
    said = [f"{', '.join(ids)} {words}" for words, ids in kinds.items() if ids]
    return "; ".join(said + ["all others passed" if said else "all passed"])
