# SPDX-License-Identifier: Apache-2.0
"""The banks of fillings, by which the grader is measured: lab/mistakes/ (wrong ones) and
lab/alternatives/ (right ones in another style). A file is a comment of fields and, behind
it, the text of a blank:

    /* step: e1
     * wrong: advances election_timeout in place of election_elapsed
     * met: the original lab's own instructions say so
     * verdict: fail
     */
    r->election_timeout++;

Of a mistake: `verdict` is what the grader has to say; where that is pass, because nobody
can see a difference, `proof` says why. `ends` is how its tests end, if that is by force.
Of an alternative: `right` says why it is the same."""

import os
import re
from dataclasses import dataclass

from lab.grader.blanks import decode
from lab.grader.verdict import GRAVITY

VERDICTS = [word for _, word in GRAVITY] + ["pass"]
NEEDED = {"mistakes": ("step", "wrong", "met", "verdict"), "alternatives": ("step", "right")}
KNOWN = {"step", "wrong", "met", "verdict", "proof", "ends", "right"}


class BadFilling(Exception):
    """What is wrong with a file of a bank; the text has its name."""


@dataclass(frozen=True)
class Filling:
    """A text for a blank, and what is known about it."""

    name: str  # "e2-clock-not-reset"
    fields: dict
    text: str  # as it is in the file, with whatever line ends

    @property
    def step(self):
        return self.fields["step"]

    @property
    def verdict(self):
        return self.fields.get("verdict", "pass")

    @property
    def hostile(self):
        """Whether it is after the grader, or ends by force."""
        return self.verdict == "tampered" or "ends" in self.fields


def read_bank(folder, table):
    """The fillings in a folder by name. BadFilling for the first file that is no such thing."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".c"))
    return [_read(os.path.join(folder, name), os.path.basename(folder), table) for name in names]


def _read(path, kind, table):
    with open(path, "rb") as file:
        content = decode(file.read())
    head = re.match(r"/\*(.*?)\*/\r?\n", content, re.S)
    if not head:
        raise BadFilling(f"{path}: does not begin with a comment of fields")
    fields = _fields(head[1].replace("\r\n", "\n"))
    name = os.path.basename(path).removesuffix(".c")
    problem = _problem(name, fields, kind, [step.id for step in table])
    if problem:
        raise BadFilling(f"{path}: {problem}")
    return Filling(name, fields, content[head.end():])


def _fields(comment):
    """The fields of a comment; a line that begins none goes on with the one before."""
    fields, name = {}, ""
    for line in comment.split("\n"):
        text = re.sub(r"^ \*|^ ", "", line).rstrip()
        begins = re.match(r" ?([a-z]+): *(.*)", text)
        if begins and not text.startswith("  "):
            name = begins[1]
            fields[name] = begins[2]
        elif text.strip() and name:
            fields[name] += " " + text.strip()
    return fields


def _problem(name, fields, kind, ids):
    missing = [field for field in NEEDED[kind] if not fields.get(field)]
    unknown = sorted(set(fields) - KNOWN)
    if missing or unknown:
        return f"the field {missing[0]} is missing" if missing else f"the field {unknown[0]} is not known"
    if fields["step"] not in ids:
        return f"there is no step {fields['step']}"
    if not name.startswith(fields["step"] + "-"):
        return f"the name of the file has to begin with {fields['step']}-"
    if kind == "mistakes" and fields["verdict"] not in VERDICTS:
        return f"the verdict is one of {' '.join(VERDICTS)}"
    if kind == "mistakes" and fields["verdict"] == "pass" and not fields.get("proof"):
        return "a mistake that passes needs a proof that nobody can see it"
    return ""


def graft(source, texts):
    """The text of a raft.c with other texts in some of its blanks, {id: text}, byte for
    byte: a text whose last line does not end has the closing comment on that line."""
    out, at = [], 0
    for blank in source.blanks.values():
        if blank.id in texts:
            text = texts[blank.id]
            out += [source.text[at:blank.start], "\n", text, blank.indent if text.endswith("\n") else ""]
            at = blank.start + len(blank.text)
    return "".join(out) + source.text[at:]
