# SPDX-License-Identifier: Apache-2.0
"""./raftLab_test.sh hint STEP [LEVEL]: the hints of a step, one more telling than the
other. A hint is shown when it is asked for by its level, and the first one without
asking: nothing is remembered, so the same command always shows the same hint.

The hints of a step are in lab/steps/<id>/hints.<lang>.md, each under a heading
"## LEVEL". Neither a compiler nor a build is needed."""

import os
import re
import sys

from lab.grader.steps import read_steps

LEVELS = (1, 2, 3)

WORDS = {
    "en": {
        "usage": "usage: ./raftLab_test.sh hint STEP [1 | 2 | 3]\n\n"
                 "Shows a hint to a step: 1 says where to look (that is the one you get without a\n"
                 "number), 2 is the idea, 3 is nearly the solution. The steps:\n",
        "head": "{id}  {marker}: {title} (hint {level} of {last})",
        "more": "The next hint says more: ./raftLab_test.sh hint {id} {next}",
        "last": "That was the last hint. Try it: ./raftLab_test.sh {id}",
        "no step": "there is no step \"{what}\"; the steps are {all}",
        "no level": "there is no hint \"{what}\"; the hints of a step are 1, 2 and 3",
        "one step": "one step at a time, please: ./raftLab_test.sh hint {id}",
        "missing": "hint {level} of {marker} is missing: {path}",
    },
    "zh": {
        "usage": "用法：./raftLab_test.sh hint 步骤 [1 | 2 | 3]\n\n"
                 "显示某一步的提示：1 指出该看哪里（不写数字就是它），2 说明思路，3 已经很接近答案。\n"
                 "步骤有：\n",
        "head": "{id}  {marker}：{title}（第 {level} 条提示，共 {last} 条）",
        "more": "下一条提示说得更多：./raftLab_test.sh hint {id} {next}",
        "last": "这是最后一条提示。试试看：./raftLab_test.sh {id}",
        "no step": "没有“{what}”这一步；步骤有 {all}",
        "no level": "没有第“{what}”条提示；每一步的提示是 1、2、3",
        "one step": "请一次只看一步：./raftLab_test.sh hint {id}",
        "missing": "{marker} 的第 {level} 条提示不存在：{path}",
    },
}


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


def find_step(steps, name):
    """The step that is meant by "e5", "E5", "election-5" or "Election Step5"."""
    name = name.lower().strip()
    for step in steps:
        if name in (step.id.lower(), step.name, step.marker.lower()):
            return step
    return None


def hint_text(step, level, lang):
    """What is shown for one hint, or None if it is missing."""
    hint = read_hints(step, lang).get(level)
    if not hint:
        return None
    words = WORDS[lang]
    head = words["head"].format(id=step.id, marker=step.marker, title=step.title(lang), level=level, last=LEVELS[-1])
    foot = words["more" if level < LEVELS[-1] else "last"].format(id=step.id, next=level + 1)
    return f"{head}\n\n{hint}\n\n{foot}\n"


def usage(steps, lang):
    lines = [f"    {s.id}  {s.marker}: {s.title(lang)}" for s in steps]
    return WORDS[lang]["usage"] + "\n" + "\n".join(lines) + "\n"


def refuse(lang, why, **values):
    print("raftLab_test.sh: " + WORDS[lang][why].format(**values), file=sys.stderr)
    return 2


def main(argv, lang="en"):
    """Shows the hint that argv asks for. Returns: the exit status."""
    steps = read_steps()
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage(steps, lang), end="")
        return 0 if argv else 2
    step = find_step(steps, argv[0])
    if not step:
        return refuse(lang, "no step", what=argv[0], all=" ".join(s.id for s in steps))
    if len(argv) > 2 or (len(argv) == 2 and find_step(steps, argv[1])):
        return refuse(lang, "one step", id=step.id)
    level = argv[1] if len(argv) == 2 else "1"
    if level not in map(str, LEVELS):
        return refuse(lang, "no level", what=level)
    text = hint_text(step, int(level), lang)
    if not text:
        path = os.path.relpath(hints_path(step, lang))
        return refuse(lang, "missing", level=level, marker=step.marker, path=path)
    print(text, end="")
    return 0
