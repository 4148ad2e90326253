#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the lab guide together: python3 -B lab/guide.py [check]

The frame is lab/guide.en.md; a line "@steps Election" in it stands for the texts of that
part's steps, lab/steps/*/guide.en.md, under the titles of lab/steps/steps.tsv. The same for
zh. With "check" nothing is written, and the exit status says whether the guides are what
their parts are."""

import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from lab.grader import words  # noqa: E402  pylint: disable=wrong-import-position
from lab.grader.steps import TOP, read_steps  # noqa: E402  pylint: disable=wrong-import-position

GUIDES = {"en": "Documentation/lab-guide.md", "zh": "Documentation/lab-guide.zh.md"}
READ_ON = {"en": "**Read on:** {}. `./raftLab_test.sh {}`", "zh": "**参阅：** {}。 `./raftLab_test.sh {}`"}


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as file:
        return file.read()


def step_text(step, lang):
    """The section of a step."""
    text = read(f"lab/steps/{step.id}/guide.{lang}.md")
    read_on = READ_ON[lang].format(words.read_on(lang, step.read_on), step.id)
    return f"### {step.marker}: {step.title(lang)}\n\n{text}\n{read_on}\n\n"


def guide(lang):
    """The whole guide."""
    out = []
    for line in read(f"lab/guide.{lang}.md").splitlines(keepends=True):
        if line.startswith("@steps "):
            part = line[7:].strip() + " "
            out += [step_text(step, lang) for step in read_steps() if step.marker.startswith(part)]
        else:
            out.append(line)
    return "".join(out)


def main(argv):
    status = 0
    for lang, name in GUIDES.items():
        text = guide(lang)
        if argv != ["check"]:
            with open(os.path.join(TOP, name), "w", encoding="utf-8") as file:
                file.write(text)
        elif read(name) != text:
            print(f"{name} is not what lab/guide.{lang}.md and lab/steps/ make: run make lab-guide")
            status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as error:
        print(f"guide.py: {error}", file=sys.stderr)
        sys.exit(1)
