# SPDX-License-Identifier: Apache-2.0
"""One raft.c with two texts in each blank, the student's and the reference's. Which of
them runs is chosen at run time, by a bit of lab_students_blanks for each blank: one
compilation serves all mixtures of the two. By #line all that is the student's keeps its
place in raft/raft.c, and the reference's is never taken for it."""

from lab.grader import ctokens, rules

FILE = '"raft/raft.c"'
REFERENCE = '#line 1 "reference"\n'
# The tests are told which blanks there are; no other file knows.
TABLE = """
#line 1 "lab_blanks"
const char *const lab_blank_ids[] = {%s NULL};
unsigned long long lab_students_blanks;
"""
# Where gdb can stop in a blank that is empty.
PLACE = "(void)*(volatile unsigned long long *)&lab_students_blanks;"


def dual(outside, student, reference, ids):
    """The text. outside: the Source of all code that is not in a blank; student: that of the
    blanks; ids: the blanks whose student's text can be compiled, all others have the
    reference's alone."""
    order = {step.id: n for n, step in enumerate(outside.table)}
    out = ["extern unsigned long long lab_students_blanks;\n#line 1 " + FILE + "\n"]
    at, previous = 0, None
    for blank in outside.blanks.values():
        out += [_line(outside, student, previous), outside.text[at:blank.start], "\n"]
        mine = student.blanks.get(blank.id) if blank.id in ids else None
        out += _blank(order[blank.id], mine, reference.texts[blank.id])
        at, previous = blank.start + len(blank.text), blank.id
    out += [_line(outside, student, previous), outside.text[at:]]
    return "".join(out) + TABLE % "".join(f'"{step.id}",' for step in outside.table)


def _line(outside, student, previous):
    """Where the code behind a blank is in the student's file, as far as that can be said."""
    if previous is None:
        return ""
    blank = student.blanks.get(previous, outside.blanks[previous])
    return f"#line {blank.ends} {FILE}\n"


def _blank(bit, mine, reference):
    if mine is None:
        return [REFERENCE, "{\n", reference, "\n}\n"]
    defined = rules.macros(mine.body)
    written = ctokens.code(mine.body)
    return [
        REFERENCE, f"if (lab_students_blanks >> {bit} & 1) {{\n",
        *(f'#pragma push_macro("{name}")\n' for name in defined),
        f"#line {mine.first} {FILE}\n",
        mine.body, "\n\n",  # two, lest the last line ends in a backslash
        "" if written else f"#line {mine.first} {FILE}\n{PLACE}\n",
        *(f'#pragma pop_macro("{name}")\n' for name in defined),
        f"#line {mine.ends} {FILE}\n",
        ";" if written and written[-1] == ":" else "",  # a label needs a statement behind it
        "}\n", REFERENCE, "else {\n", reference, "\n}\n",
    ]
