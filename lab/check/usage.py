# SPDX-License-Identifier: Apache-2.0
"""The command line of ./raftLab_test.sh, in both languages."""

import json
import os
import re

from lab.check.cases import Case, try_case

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# A sentence in English: four words in a row. What the compiler says is left as it is.
ENGLISH = re.compile(r"(?:\b[a-z]{2,}[,:;]? ){3}[a-z]{2,}\b")
GRADING = 600  # seconds for all files
QUOTED = re.compile(r"^\s*\d+ \||^\S+\.[ch]:\d+|^\s*\||^/\*|git diff")


def check_usage(tally, course, handout):
    asking(tally, course, handout)
    refusals(tally, course, handout)
    hints(tally, course, handout)
    grading(tally, course, handout)


def asking(tally, course, handout):
    for args, env, word in ((("-h",), {}, "usage:"), (("--help",), {}, "usage:"), (("--lang", "zh", "-h"), {}, "用法"),
                            (("-h",), {"LANG": "zh_CN.UTF-8"}, "用法")):
        ran = handout.lab(*args, env=env)
        tally.check(ran.status == 0 and word in ran.out, f"{' '.join(args)} explains ({word})", ran.out)
        for option in ("hint", "--watch", "--grade", "--lang", "sanitize", "gdb"):
            tally.check(option in ran.out, f"{' '.join(args)} tells of {option}", ran.out)


def refusals(tally, course, handout):
    """Wrong usage: status 2, and a line that says what was wrong."""
    for args, word in ((("x7",), "x7"), (("--lang", "fr"), "fr"), (("--lang=fr", course.ids[0]), "fr"),
                       (("--lang",), "--lang"), (("--no-such",), "--no-such"), (("gdb",), "gdb"),
                       (("hint", "x7"), "x7"), (("hint", course.ids[0], "4"), "4"), (("--grade",), "--grade"),
                       (("--grade", "no-such.c"), "no-such.c"), (("--grade", "--format", "odd", "raft/raft.c"), "odd")):
        ran = handout.lab(*args)
        tally.check(ran.status == 2 and word in ran.out and len(ran.lines) < 30 and "Traceback" not in ran.out,
                    f"{' '.join(args)} is refused with status 2 (not {ran.status}), and told why", ran.out)
    ran = handout.lab("x7", env={"LANG": "zh_CN.UTF-8"})
    tally.check(ran.status == 2 and CHINESE.search(ran.out), "and in Chinese", ran.out)


def hints(tally, course, handout):
    for step in course.steps:
        told = []
        for level in ("1", "2", "3"):
            for lang in ("en", "zh"):
                ran = handout.lab("--lang", lang, "hint", step.id, level)
                told.append(ran.out)
                tally.check(ran.status == 0 and step.title(lang) in ran.out, f"--lang {lang} hint {step.id} {level}",
                            ran.out)
            if step is not course.steps[0]:
                break
        tally.check(len(set(told)) == len(told), f"the hints of {step.id} differ")


def grading(tally, course, handout):
    """A teacher may grade in a handout as well."""
    handout.write(course.text)
    ran = handout.lab("--grade", "--json", "raft/raft.c")
    verdict = json.loads(ran.out) if ran.out.startswith("{") else {}
    tally.check(verdict.get("verdict") == "pass" and verdict.get("points") == sum(s.points for s in course.steps),
                "--grade works in the handout", ran.out)


# --- the language of a report -------------------------------------------------------------


WRONG = {"e1": "r->election_timeout++;", "e5": "*(volatile int *)0 = 1;", "r2": "(void)r;", "r3": "",
         "e4": "for (;;)\n\t;"}


def chinese(course):
    """Reports in Chinese, asked for in each way."""
    some = {id_: text for id_, text in WRONG.items() if id_ in course.ids}
    failed = tuple(id_ for id_ in some if some[id_])
    empty = tuple(id_ for id_ in some if not some[id_])
    for what, flags, env, lang in (
            ("--lang zh", ("--lang", "zh"), {}, "zh"), ("--lang=zh", ("--lang=zh",), {}, "zh"),
            ("LANG=zh_CN.UTF-8", (), {"LANG": "zh_CN.UTF-8"}, "zh"),
            ("LC_ALL over LANG", (), {"LANG": "C", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
            ("--lang en over LANG", ("--lang", "en"), {"LANG": "zh_CN.UTF-8"}, "en")):
        yield Case(what, some, steps=course.ids[:1] if what != "--lang zh" else (), flags=flags, env=env, lang=lang,
                   failed=failed, empty=empty)
    yield Case("a step that does not compile, in Chinese", {"e4": "term = r->therm;"}, flags=("--lang", "zh"),
               lang="zh", broken=("e4",))
    first = course.steps[0]
    yield Case("a marker that is lost, in Chinese", content=lambda c: c.text.replace(
        f"/* RaftLab {first.marker} end */", ""), flags=("--lang", "zh"), lang="zh", tampered=(first.id,))


def check_language(tally, case, ran):
    """A report has no explanations in the other language."""
    if case.lang == "zh":
        english = [line for line in ran.lines if ENGLISH.search(line) and not CHINESE.search(line)
                   and not QUOTED.search(line) and " error: " not in line]
        tally.check(not english, f"{case.what}: no sentence in English", "\n".join(english))
    else:
        tally.check(not CHINESE.search(ran.out), f"{case.what}: nothing in Chinese", ran.out)


def try_language(tally, course, handout, case):
    check_language(tally, case, try_case(case, course, handout, tally))


# --- many files at once -----------------------------------------------------------------------


def check_grades(tally, course, handout, cases, folder):
    """The files of the cases through --grade --json: the verdict is what the case says, and it
    blames whom the student's own run blamed."""
    os.makedirs(folder)
    names = {}
    same = {case.text(course): case for case in reversed(cases)}  # in turn, each text but once
    for number, case in enumerate(reversed(same.values())):
        name = os.path.join(folder, f"{number:02}.c")
        text = case.text(course)
        with open(name, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        names[name] = case
    ran = handout.lab("--grade", "--json", *names, seconds=GRADING)
    verdicts = {v["file"]: v for v in (json.loads(line) for line in ran.lines if line.startswith("{"))}
    tally.check(ran.status == 0 and [line[:1] for line in ran.lines] == ["{"] * len(names),
                "--grade --json: a line for each file, and nothing else",
                "\n".join(line for line in ran.lines if not line.startswith("{")))
    by_id = {step.id: step.name for step in course.steps}
    for name, case in names.items():
        verdict = verdicts.get(name, {"verdict": "none", "blame": [], "points": 0})
        said = json.dumps(verdict, ensure_ascii=False)
        tally.check(verdict["verdict"] == case.graded(), f"{case.what}: --grade says {case.graded()}", said)
        blamed = [by_id[id_] for id_ in course.ids if id_ in (case.at_fault or case.empty)]
        tally.check(verdict["blame"] == blamed, f"{case.what}: --grade blames {' '.join(blamed) or 'nobody'}", said)
        left = [step for step in course.steps if step.id not in (*case.at_fault, *case.empty)]
        tally.check(verdict["points"] == sum(step.points for step in left),
                    f"{case.what}: --grade gives the points of all other steps", said)
