#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the students' tree: python3 -B lab/handout.py [DIR]

It has what git tracks here, but with the blanks of raft/raft.c emptied and without what
lab/teacher.txt names. The solved raft.c goes into lab/reference.sealed: the grader compares
with it. The tree is a git repository of one commit, so that `git diff` shows the student's
work. DIR.tar.gz stands beside it."""

import fnmatch
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
from lab.grader.blanks import Source, encode  # noqa: E402
from lab.grader.reference import RAFT_C, SEALED, NoReference, Reference, seal  # noqa: E402
from lab.grader.steps import TOP  # noqa: E402

HANDOUT = "lab/HANDOUT"
TEACHER = "lab/teacher.txt"
NOT_TRACKED = ("./.git", "./build", "./bin", "./handout")  # of an unpacked release
IS_HANDOUT = """\
This tree is the handout of the lab, made from version {}.
It has no solutions; no handout can be made from it.
"""


class Refused(Exception):
    """Why no handout is made."""


def git(folder, *args):
    """(exit status, what it printed), free of what a hook may have set for this repository."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(["git", *args], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
    except OSError as error:
        raise Refused(f"git: {error.strerror} (on Debian: apt-get install git)") from None
    return done.returncode, os.fsdecode(done.stdout)


# --- what goes into it --------------------------------------------------------------------


def tracked():
    """(paths of all files, version)"""
    status, top = git(TOP, "rev-parse", "--show-toplevel")
    if status == 0 and os.path.realpath(top.strip()) == os.path.realpath(TOP):
        names = git(TOP, "ls-files", "-z")[1].split("\0")
        names = [n for n in names if n and os.path.lexists(os.path.join(TOP, n))]
        return names, git(TOP, "describe", "--always", "--dirty")[1].strip()
    names = []
    for folder, folders, files in os.walk(TOP):
        here = os.path.relpath(folder, TOP)
        folders[:] = [f for f in folders if os.path.join(".", here, f).replace("/./", "/") not in NOT_TRACKED
                      and f != "__pycache__"]
        names += [os.path.normpath(os.path.join(here, f)) for f in files]
    return sorted(names), "unknown"


def teachers():
    """The patterns of what is not handed out."""
    with open(os.path.join(TOP, TEACHER), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def stays(name, patterns):
    """Whether a file, or a folder that it is in, is the teacher's."""
    parts = name.split("/")
    for pattern in patterns:
        wanted = pattern.split("/")
        if len(parts) >= len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted)):
            return True
    return False


def copy(name, out):
    """Copies a file of the tree with its mode, or a symbolic link as it is."""
    to = os.path.join(out, name)
    os.makedirs(os.path.dirname(to), exist_ok=True)
    shutil.copy2(os.path.join(TOP, name), to, follow_symlinks=False)


def write(out, name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


# --- the tree -----------------------------------------------------------------------------


def is_untouched(out):
    """Whether a directory is a handout in which nobody has done anything."""
    return (os.path.isfile(os.path.join(out, HANDOUT)) and os.path.isdir(os.path.join(out, ".git")) and
            git(out, "rev-list", "--all", "--count") == (0, "1\n") and git(out, "status", "--porcelain") == (0, ""))


def fill(out, version, names):
    """Writes all files of the handout."""
    reference = Reference.load()
    for name in names:
        copy(name, out)
    # What students compare with has the teacher's solutions, whatever raft.c has.
    solved = reference.solved()
    empty = Source(reference.source.text, reference.source.table).emptied()
    left = [b.name for b in Source(empty, reference.source.table).blanks.values() if b.filled]
    if left:
        raise Refused("there are solutions left in " + ", ".join(left))
    write(out, RAFT_C, encode(empty))
    write(out, SEALED, encode(seal(solved)))
    write(out, HANDOUT, IS_HANDOUT.format(version).encode())


def commit(out):
    """Makes a repository of the tree."""
    for args in (("-c", "init.defaultBranch=main", "init", "-q", "."),
                 ("-c", "core.autocrlf=false", "add", "-A", "-f", "."),
                 ("-c", "user.name=RaftLab", "-c", "user.email=raftlab@localhost", "-c", "commit.gpgSign=false",
                  "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "Start the lab", "-m",
                  "Fill in the blanks of raft/raft.c; Documentation/lab-guide.md says how.")):
        status, said = git(out, *args)
        if status != 0:
            raise Refused(f"the git repository could not be made: {said.strip()}")


def make_handout(out):
    """Returns a line that says what was made."""
    if os.path.exists(os.path.join(TOP, HANDOUT)):
        raise Refused("this tree is a handout itself: its solutions are taken out already. "
                      "Make handouts from the tree that has the solutions.")
    if os.path.isdir(out) and os.listdir(out) and not is_untouched(out):
        raise Refused(f"{out} is in use (it is no untouched handout); remove it or choose another OUT=dir")
    patterns = teachers()
    names, version = tracked()
    inside = os.path.relpath(os.path.abspath(out), TOP)
    names = [n for n in names if not stays(n, patterns) and not n.startswith(inside + "/")]
    os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    # Made aside: a handout that could not be completed is none.
    aside = tempfile.mkdtemp(prefix=".raftlab.", dir=os.path.dirname(os.path.abspath(out)))
    try:
        tree = os.path.join(aside, "tree")
        os.mkdir(tree)
        fill(tree, version, names)
        commit(tree)
        shutil.rmtree(out, ignore_errors=True)
        os.rename(tree, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    with tarfile.open(out + ".tar.gz", "w:gz") as tar:
        tar.add(out, os.path.basename(out))
    return f"{out} and {out}.tar.gz: {len(names)} files, version {version}"


def main(argv):
    out = (argv[0] if argv else os.path.join("handout", "raftlab")).rstrip("/")
    try:
        print(make_handout(out))
        return 0
    except (Refused, NoReference) as error:
        why = str(error)
    except (OSError, ValueError) as error:
        why = str(error)
    except KeyboardInterrupt:
        return 130
    print("handout: " + why, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
