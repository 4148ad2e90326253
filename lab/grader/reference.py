# SPDX-License-Identifier: Apache-2.0
"""What a student's steps are compared with: the given code, and a right text for each blank.

In the teacher's tree that is raft/raft.c outside its blanks, and lab/steps/*/solution.c. In a
handout, whose raft.c is the student's, both come from lab/reference.sealed."""

import base64
import binascii
import gzip
import os
import subprocess
import textwrap
import zlib

from lab.grader import blanks
from lab.grader.steps import TOP, read_steps

SEALED = os.path.join("lab", "reference.sealed")
RAFT_C = os.path.join("raft", "raft.c")
SEAL = """\
# The reference that your steps are compared with. Reading it spoils the lab.
"""


class NoReference(Exception):
    """There is no reference to compare with; the text says why."""


def seal(text):
    """The text as lab/reference.sealed has it. The same text makes the same file."""
    packed = base64.b64encode(gzip.compress(blanks.encode(text), mtime=0)).decode("ascii")
    return SEAL + "\n".join(textwrap.wrap(packed, 100)) + "\n"


def unseal(sealed):
    try:
        packed = "".join(line for line in sealed.splitlines() if not line.startswith("#"))
        if not packed:
            raise ValueError("empty")
        return blanks.decode(gzip.decompress(base64.b64decode(packed, validate=True)))
    except (ValueError, binascii.Error, OSError, EOFError, zlib.error) as e:
        raise NoReference(f"{SEALED} is damaged ({e}); git checkout {SEALED} brings it back") from None


def at_head(path, top=TOP):
    """The text of a file as it was last committed, or None."""
    try:
        done = subprocess.run(["git", "show", "HEAD:./" + path], cwd=top, capture_output=True, check=False,
                              stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return blanks.decode(done.stdout) if done.returncode == 0 else None


class Reference:
    """The given code (`source`) and the right text of each blank (`texts`, by id)."""

    def __init__(self, source, texts, handout):
        self.source = source
        self.texts = texts
        self.handout = handout  # whether it is that of a handout

    @classmethod
    def load(cls, graded=None, top=TOP):
        """The reference of the tree. `graded` is the path of the file to be judged: that must
        not be its own reference. NoReference if there is none."""
        table = read_steps(os.path.join(top, "lab", "steps", "steps.tsv"))
        sealed = os.path.join(top, SEALED)
        if os.path.exists(sealed):
            source = blanks.Source(unseal(_read(sealed)), table)
            texts = {id_: blank.body for id_, blank in source.blanks.items()}
        else:
            source = cls._given(graded, top, table)
            texts = {s.id: _read(os.path.join(top, "lab", "steps", s.id, "solution.c")) for s in table}
        if source.problems:
            problem = source.problems[0]
            raise NoReference(f"{RAFT_C}:{problem.line}: {problem.text}")
        return cls(source, texts, os.path.exists(sealed))

    @staticmethod
    def _given(graded, top, table):
        own = os.path.join(top, RAFT_C)
        if graded and os.path.exists(graded) and os.path.samefile(graded, own):
            head = at_head(RAFT_C, top)
            source = blanks.Source(head, table) if head else None
            # A step that is new is not there yet.
            if source and not source.problems:
                return source
        return blanks.Source(_read(own), table)

    def solved(self):
        """The raft.c in which all blanks have the right text."""
        return self.source.graft(self.texts)


def _read(path):
    try:
        return blanks.read_source(path)
    except blanks.SourceError as e:
        raise NoReference(str(e)) from None
