# SPDX-License-Identifier: Apache-2.0
"""What of a file was changed outside its blanks. The grader ignores it; a student is told,
for it is easily done by accident and hard to find."""

import difflib

SHOWN = 3  # places
LONGEST = 400  # lines that are compared one by one


def changed_lines(source, pristine):
    """The lines of the source where something else stands than in the pristine one, but for
    white space."""
    mine = [(number, _bare(text)) for number, text in source.outside()]
    theirs = [_bare(text) for _, text in pristine.outside()]
    mine, theirs = [m for m in mine if m[1]], [t for t in theirs if t]
    first = 0
    while first < min(len(mine), len(theirs)) and mine[first][1] == theirs[first]:
        first += 1
    last = 0
    while last < min(len(mine), len(theirs)) - first and mine[-1 - last][1] == theirs[-1 - last]:
        last += 1
    numbers = [number for number, _ in mine]
    end = numbers[-1] if numbers else 1
    mine, theirs = mine[first:len(mine) - last], theirs[first:len(theirs) - last]
    if not mine and not theirs:
        return []
    if len(mine) > LONGEST or len(theirs) > LONGEST or not mine:
        return [numbers[first] if first < len(numbers) else end]
    changes = difflib.SequenceMatcher(None, [text for _, text in mine], theirs, autojunk=False).get_opcodes()
    return [mine[min(at, len(mine) - 1)][0] for kind, at, _, _, _ in changes if kind != "equal"]


def _bare(text):
    return "".join(text.split())


def same_code(source, pristine):
    """Whether the compiler sees the same outside the blanks."""
    return source.code_outside() == pristine.code_outside()


def places(lines):
    shown = " ".join(f"raft/raft.c:{line}" for line in lines[:SHOWN])
    return shown + (" ..." if len(lines) > SHOWN else "")
