# SPDX-License-Identifier: Apache-2.0
"""The steps of the lab: the table lab/steps/steps.tsv, and what lies beside it."""

import os
from dataclasses import dataclass

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLE = os.path.join(TOP, "lab", "steps", "steps.tsv")


@dataclass(frozen=True)
class Step:
    id: str  # "e5"
    marker: str  # "Election Step5"
    points: int
    read_on: str  # "Raft paper, section 5.2"
    title_en: str
    title_zh: str

    @property
    def part(self):
        """The part of the lab that the step belongs to: "election"."""
        return self.marker.split(" ")[0].lower()

    @property
    def name(self):
        """How programs call the step: "election-5"."""
        return self.marker.lower().replace(" step", "-")

    def is_called(self, name):
        """Whether it is meant by "e5", "E5", "election-5" or "Election Step5"."""
        return name.lower().strip() in (self.id, self.name, self.marker.lower())

    @property
    def folder(self):
        return os.path.join(TOP, "lab", "steps", self.id)

    def title(self, lang):
        return self.title_zh if lang == "zh" else self.title_en


def read_steps(path=TABLE):
    """The steps of the table, in its order. ValueError says what is wrong with it."""
    steps = []
    with open(path, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            fields = line.rstrip("\r\n").split("\t")
            if line.startswith("#") or fields == [""]:
                continue
            if len(fields) != 6 or not fields[2].isdigit():
                raise ValueError(f"{path}:{number}: a step has six fields, separated by tabs: "
                                 "id, marker, points, what to read, title, title in Chinese")
            step = Step(fields[0], fields[1], int(fields[2]), *fields[3:])
            if any(step.id == s.id or step.marker == s.marker for s in steps):
                raise ValueError(f"{path}:{number}: {step.id} ({step.marker}) is there already")
            steps.append(step)
    return steps
