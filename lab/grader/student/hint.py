# SPDX-License-Identifier: Apache-2.0
"""./raftLab_test.sh hint STEP [LEVEL]: the hints of a step, one more telling than the
other. A hint is shown when it is asked for by its level, and the first one without
asking: nothing is remembered, so the same command always shows the same hint.

The hints of a step are in lab/steps/<id>/hints.<lang>.md, each under a heading
"## LEVEL". Neither a compiler nor a build is needed."""

import os
import re

from lab.grader.options import UsageError, no_step
from lab.grader.steps import read_steps
from lab.grader.words import say

LEVELS = (1, 2, 3)


def hints_path(step, lang):
    return os.path.join(step.folder, f"hints.{lang}.md")


def parse_hints(text):
    """{level: text} of a file of hints."""
    parts = re.split(r"^## *(\d+) *$", text, flags=re.M)
    return {int(level): hint.strip() for level, hint in zip(parts[1::2], parts[2::2])}


def read_hints(step, lang):
    """{level: text}; empty if there is no such file."""
    try:
        with open(hints_path(step, lang), encoding="utf-8") as file:
            return parse_hints(file.read())
    except FileNotFoundError:
        return {}


def hint_text(step, level, lang):
    """What is shown for one hint."""
    hint = read_hints(step, lang).get(level)
    if not hint:
        path = os.path.relpath(hints_path(step, lang))
        raise UsageError(say(lang, "hint-missing", level=level, marker=step.marker, path=path))
    head = say(lang, "hint-head", id=step.id, marker=step.marker, title=step.title(lang), level=level, last=LEVELS[-1])
    foot = say(lang, "hint-next" if level < LEVELS[-1] else "hint-last", id=step.id, next=level + 1)
    return f"{head}\n\n{hint}\n\n{foot}"


def usage(table, lang):
    steps = [say(lang, "usage-hint-step", id=s.id, marker=s.marker, title=s.title(lang)) for s in table]
    return say(lang, "usage-hint", steps="\n".join(steps))


def main(argv, lang):
    """Shows the hint that argv asks for. Returns: the exit status."""
    table = read_steps()
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage(table, lang))
        return 0 if argv else 2
    step, *more = [next((s for s in table if s.is_called(arg)), None) for arg in argv]
    if not step:
        raise no_step(argv[0], table, lang)
    if len(more) > 1 or any(more):
        raise UsageError(say(lang, "hint-one-step", id=step.id))
    level = argv[1] if more else "1"
    if level not in map(str, LEVELS):
        raise UsageError(say(lang, "hint-no-level", level=level))
    print(hint_text(step, int(level), lang))
    return 0
