# SPDX-License-Identifier: Apache-2.0
"""Is the course whole? What lab/steps/steps.tsv, raft/raft.c and the folders of the steps
have to say about each other. Whoever adds a step is told here what is still missing, in one
line each, which begins with the step."""

import os
import re

from lab.grader import ctokens
from lab.grader.blanks import MARKER, Source, SourceError, read_source
from lab.grader.student.hint import LEVELS, parse_hints
from lab.grader.steps import read_steps

TABLE = "lab/steps/steps.tsv"
RAFT_C = "raft/raft.c"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TEST = re.compile(r"^LAB_TEST\((\w+)\)", re.M)
PARTS = {"en": "lab/guide.en.md", "zh": "lab/guide.zh.md"}


def check_table(tally, top):
    """Returns the steps, or None if the course is not whole: then there is no use in handing it out."""
    checker = _Checker(tally, top)
    try:
        checker.check()
    except (ValueError, OSError, SourceError) as error:
        tally.line(str(error).replace(top + os.sep, ""))
    return None if tally.failed else checker.steps


class _Checker:
    def __init__(self, tally, top):
        self.tally = tally
        self.top = top
        self.steps = []
        self.source = None

    def check(self):
        self.steps = read_steps(self.path(TABLE))
        self.source = Source(read_source(self.path(RAFT_C)), self.steps)
        self.markers()
        for step in self.steps:
            self.line_of_table(step)
            self.guides(step)
            self.hints(step)
            self.solution(step)
            self.tests(step)
        self.folders()
        self.cluster()

    def path(self, name):
        return os.path.join(self.top, name)

    def says(self, step, holds, text):
        """One check of a step. Returns: holds."""
        if holds:
            self.tally.passed += 1
        else:
            self.tally.line(f"{step.id} ({step.marker}): {text}")
        return holds

    def read(self, step, name):
        """The text of a file of the step; None, which is told, if it is missing."""
        try:
            with open(self.path(name), encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            text = ""
        except UnicodeDecodeError:
            self.says(step, False, f"{name} is not UTF-8")
            return None
        return text if self.says(step, text.strip(), f"{name} is missing") else None

    # --- the markers -------------------------------------------------------------------------

    def markers(self):
        by_id = {step.id: step for step in self.steps}
        for problem in self.source.problems:
            place = f"{RAFT_C}:{problem.line}" if problem.line else RAFT_C
            if problem.id:
                self.says(by_id[problem.id], False, f"{place}: {problem.text}")
            else:
                self.tally.line(f"{place}: {problem.text}")
        for token in ctokens.tokens(self.source.text):
            if token.kind == "comment" and re.match(r"/[*/][\s*]*RaftLab\b", token.text):
                line = self.source.line_of(token.start)
                if not MARKER.fullmatch(token.text):
                    self.tally.line(f"{RAFT_C}:{line}: this is neither /* RaftLab Part StepN: ... */ "
                                    "nor /* RaftLab Part StepN end */")

    # --- what belongs to a step --------------------------------------------------------------

    def line_of_table(self, step):
        self.says(step, re.fullmatch(r"[a-z]+\d+", step.id), f"{TABLE}: an id is letters and a number, as in e5")
        self.says(step, re.fullmatch(r"[A-Z][a-z]+ Step\d+", step.marker),
                  f"{TABLE}: a marker is a part and a number, as in Election Step5")
        self.says(step, step.points > 0, f"{TABLE}: it has no points")
        self.says(step, step.read_on and step.title_en, f"{TABLE}: what to read, or the title, is missing")
        self.says(step, CHINESE.search(step.title_zh), f"{TABLE}: the title in Chinese is missing")
        part = step.marker.split(" ")[0]
        for frame in PARTS.values():
            with open(self.path(frame), encoding="utf-8") as file:
                self.says(step, f"\n@steps {part}\n" in file.read(), f"{frame} has no line \"@steps {part}\"")

    def guides(self, step):
        for lang in ("en", "zh"):
            name = f"lab/steps/{step.id}/guide.{lang}.md"
            text = self.read(step, name)
            if text and lang == "zh":
                self.says(step, CHINESE.search(text), f"{name} is not in Chinese")

    def hints(self, step):
        wanted = {str(level) for level in LEVELS}
        for lang in ("en", "zh"):
            name = f"lab/steps/{step.id}/hints.{lang}.md"
            text = self.read(step, name)
            if not text:
                continue
            heads = re.findall(r"^## *(\S+)", text, re.M)
            if self.says(step, len(heads) == len(wanted) and set(heads) == wanted,
                         f"{name} has hints {', '.join(heads) or '0'}; there should be {', '.join(sorted(wanted))}"):
                empty = [str(level) for level, hint in parse_hints(text).items() if not hint]
                self.says(step, not empty, f"{name} says nothing under {', '.join(empty)}")
            if lang == "zh":
                self.says(step, CHINESE.search(text), f"{name} is not in Chinese")

    def solution(self, step):
        name = f"lab/steps/{step.id}/solution.c"
        text = self.read(step, name)
        blank = self.source.blanks.get(step.id)
        if blank and self.says(step, blank.filled, f"{RAFT_C}:{blank.begins}: the blank is empty") and text:
            self.says(step, blank.same_as(text), f"{name} is not what {RAFT_C} has")

    def tests(self, step):
        name = f"lab/steps/{step.id}/{step.id}_test.c"
        text = self.read(step, name)
        if text:
            tests = TEST.findall(text)
            self.says(step, any(test.startswith(step.id + "_") for test in tests),
                      f"{name} has no LAB_TEST({step.id}_...)")
            strange = [test for test in tests if not test.startswith(step.id + "_")]
            self.says(step, not strange, f"{name}: the name of {', '.join(strange)} should begin with {step.id}_")

    # --- what belongs to none ----------------------------------------------------------------

    def folders(self):
        ids = {step.id for step in self.steps}
        for name in sorted(os.listdir(self.path("lab/steps"))):
            if os.path.isdir(self.path("lab/steps/" + name)) and name not in ids:
                self.tally.line(f"lab/steps/{name}: {TABLE} has no such step")

    def cluster(self):
        parts = tuple(dict.fromkeys(step.part + "_" for step in self.steps))
        for name in sorted(os.listdir(self.path("lab/cluster"))):
            if name.endswith("_test.c"):
                with open(self.path("lab/cluster/" + name), encoding="utf-8") as file:
                    strange = [test for test in TEST.findall(file.read()) if not test.startswith(parts)]
                self.tally.check(not strange, f"lab/cluster/{name}: the name of {', '.join(strange)} should begin "
                                              f"with a part: {', '.join(parts)}")
