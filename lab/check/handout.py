# SPDX-License-Identifier: Apache-2.0
"""What students are given: all that they need, and nothing that gives the lab away."""

import base64
import glob
import gzip
import os
import re
import shutil
import tarfile

from lab.check.tree import Handout, environment, run
from lab.grader.blanks import Source

MUST_HAVE = """server client build.sh raftLab_test.sh raft/raftLab_test.sh README.md Documentation/lab-guide.md
    Documentation/lab-guide.zh.md lab/reference.sealed lab/steps/steps.tsv lab/HANDOUT""".split()
MUST_NOT = """lab/check.py lab/check lab/mistakes lab/alternatives lab/mutations lab/teacher.txt lab/steps/*/solution.c
    Documentation/teaching*""".split()


def make(top, out):
    """make handout OUT=out, as a teacher does."""
    scratch = os.path.dirname(out)
    return run(["make", "-s", "--no-print-directory", "handout", "OUT=" + out], top, environment(scratch))


def check_handout(tally, top, course, scratch):
    """Makes one and looks at it. Returns: the Handout, untouched; None if there is none."""
    folder = os.path.join(scratch, "handout")
    ran = make(top, folder)
    if not tally.check(ran.status == 0 and os.path.isfile(os.path.join(folder, "raft", "raft.c")),
                       "a handout can be made", ran.out):
        return None
    handout = Handout(folder, os.path.join(scratch, "tmp"))
    packed(tally, handout)
    contents(tally, top, handout)
    emptied(tally, course, handout)
    sealed(tally, course, handout)
    no_solution(tally, course, handout, "the handout")
    made_again(tally, top, handout)
    compilers(tally, handout)
    return handout


def packed(tally, handout):
    archive = handout.top + ".tar.gz"
    if tally.check(os.path.isfile(archive), "it is packed as well"):
        with tarfile.open(archive) as tar:
            names = {name.split("/", 1)[-1] for name in tar.getnames()}
        tally.check("raft/raft.c" in names and "lab/reference.sealed" in names, "all of it is packed", "\n".join(names))
    ran = handout.sh("git rev-list --all --count && git status --porcelain")
    tally.check(ran.out.strip() == "1", "it is a git repository of one commit, with nothing left to commit", ran.out)


def contents(tally, top, handout):
    for name in MUST_HAVE:
        tally.check(os.path.exists(handout.path(name)), f"the handout has {name}")
    with open(os.path.join(top, "lab", "teacher.txt"), encoding="utf-8") as file:
        patterns = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    for pattern in dict.fromkeys(MUST_NOT + patterns):
        found = glob.glob(handout.path(pattern))
        tally.check(not found, f"{pattern} stays with the teacher", "\n".join(found))


def emptied(tally, course, handout):
    with open(handout.path("raft/raft.c"), encoding="utf-8") as file:
        source = Source(file.read(), course.steps)
    filled = [blank.name for blank in source.blanks.values() if blank.filled]
    tally.check(not filled and not source.problems, "its blanks are all empty", ", ".join(filled))
    tally.check(list(source.blanks) == list(course.source.blanks), "it has all blanks")
    tally.check(source.code_outside() == course.source.code_outside(), "what stands outside the blanks is unchanged")


def sealed(tally, course, handout):
    """The reference is there, and not to be read by accident."""
    with open(handout.path("lab/reference.sealed"), encoding="utf-8") as file:
        text = file.read()
    tally.check("spoils the lab" in text, "lab/reference.sealed says what it is", text[:300])
    packed_text = "".join(line for line in text.splitlines() if not line.startswith("#"))
    try:
        opened = Source(gzip.decompress(base64.b64decode(packed_text)).decode(), course.steps)
        wrong = [id_ for id_ in course.ids if not opened.blanks[id_].same_as(course.source.blanks[id_].text)]
    except (ValueError, OSError, KeyError) as error:
        wrong = [repr(error)]
    tally.check(not wrong, "lab/reference.sealed has the solutions", ", ".join(wrong))


def squeezed(text):
    return re.sub(rb"\s", b"", text)


def no_solution(tally, course, handout, where):
    """The solutions of more than one statement are in no file, whatever their white space is."""
    solutions = {id_: squeezed(course.source.blanks[id_].text.encode()) for id_ in course.ids}
    told = []
    for folder, folders, names in os.walk(handout.top):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                content = squeezed(file.read())
            told += [f"{os.path.relpath(path, handout.top)} has that of {course.marker(id_)}"
                     for id_, text in solutions.items() if text.count(b";") > 1 and text in content]
    tally.check(not told, f"the solutions are nowhere in {where}", "\n".join(told))


def made_again(tally, top, handout):
    """An untouched handout is replaced, one in use is not, and none is made of a handout."""
    again = handout.top + " again"
    for out in (handout.top + "-of-itself", ""):
        ran = handout.sh(f"make -s handout OUT='{out}'")
        tally.check(ran.status != 0 and "handout" in ran.out, "a handout of a handout is refused", ran.out)
        tally.check("is a handout itself" in ran.out, "and told so clearly", ran.out)
    tally.check(not os.path.exists(handout.top + "-of-itself") and not os.path.exists(handout.path("handout")),
                "and nothing is left behind")
    shutil.copytree(handout.top, again, symlinks=True)
    ran = make(top, again)
    tally.check(ran.status == 0, "an untouched handout is replaced", ran.out)
    with open(os.path.join(again, "raft", "raft.c"), "a", encoding="utf-8") as file:
        file.write("/* my work */\n")
    ran = make(top, again)
    with open(os.path.join(again, "raft", "raft.c"), encoding="utf-8") as file:
        tally.check(ran.status != 0 and "my work" in file.read(), "one with work in it is not", ran.out)
    shutil.rmtree(again)


def compilers(tally, handout):
    """Warnings are errors; all of the tree but raft.c is compiled elsewhere as it is."""
    for cc in ("gcc", "clang"):
        if not shutil.which(cc):
            tally.note(f"skipped: there is no {cc} here, and the handout was not compiled with it")
            continue
        ran = handout.sh(f"make -s CC={cc} BUILD=build/{cc} build/{cc}/obj/raft/raft.o")
        tally.check(ran.status == 0 and "warning:" not in ran.out, f"it compiles with {cc} without a warning", ran.out)
        shutil.rmtree(handout.path("build"), ignore_errors=True)
