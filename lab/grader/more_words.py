# SPDX-License-Identifier: Apache-2.0
"""What --grade and --watch say to people, in English and in Chinese."""

import re
import unicodedata

from lab.grader import verdict as v

WORDS = {
    "usage": (
        """usage: ./raftLab_test.sh --grade FILE... [options]

Grades each FILE, a student's raft.c. Only what stands between the markers of the
steps is taken from it; the rest is ours. A FILE that is a folder stands for the
raft/raft.c or raft.c in it, or for all *.c in it if it has neither.

    --format F    text (the default), json, csv, junit or gradescope
    --json        the same as --format json: one object per file, one on a line
    --output O    write to the file O; with --format gradescope and several FILEs
                  the folder O, where each gets a .json of its own
    -j N          so many files at a time (as a rule: as many as there are processors)
    --timeout S   give up a file after S seconds (60)
    --lang L      en or zh

The exit status is 0 when all files were graded, whatever the verdicts, and 2 when
one could not be read or the arguments are wrong.""",
        """用法：./raftLab_test.sh --grade FILE... [选项]

给每个 FILE（学生的 raft.c）评分。只取其中各步标记之间的代码，其余部分一律用原始代码。
FILE 若是目录，则取其中的 raft/raft.c 或 raft.c；两者都没有时，取目录下所有的 *.c。

    --format F    text（默认）、json、csv、junit 或 gradescope
    --json        同 --format json：每个文件一行，一行一个对象
    --output O    写入文件 O；--format gradescope 且有多个 FILE 时，O 是目录，
                  每个文件在其中各有一个 .json
    -j N          同时评 N 个文件（默认等于处理器个数）
    --timeout S   每个文件最多用 S 秒（60）
    --lang L      en 或 zh

全部文件都评完时退出码为 0，与结论无关；有文件读不了或参数有误时为 2。"""),
    "no files": ("--grade: which files? For example: --grade students/*/raft.c",
                 "--grade：要评哪些文件？例如：--grade students/*/raft.c"),
    "bad option": ("--grade: there is no option {option} (--grade --help explains)",
                   "--grade：没有选项 {option}（见 --grade --help）"),
    "needs value": ("--grade: {option} needs a value", "--grade：{option} 需要一个值"),
    "bad value": ("--grade: {option} {value}: it can be {allowed}", "--grade：{option} {value}：只能是{allowed}"),
    "a whole number": ("a whole number from 1 to {most}", " 1 到 {most} 的整数"),
    "a number": ("a number of seconds from 1 to {most}", " 1 到 {most} 的秒数"),
    "gradescope wants one": (
        "--format gradescope: results.json is about one submission; give one FILE, or --output FOLDER "
        "(existing, or ending in /) for a .json of each",
        "--format gradescope：results.json 只描述一份提交；请只给一个 FILE，或用 --output 目录"
        "（已存在，或以 / 结尾）让每份各有一个 .json"),
    "output is input": ("--output {path}: that would overwrite a submission", "--output {path}：会覆盖学生提交的文件"),
    "cannot write": ("{path} cannot be written: {why}", "无法写入 {path}：{why}"),
    "cannot read": ("{file} cannot be read: {why}", "无法读取 {file}：{why}"),
    "cannot grade": ("{file} could not be graded: {why}", "无法给 {file} 评分：{why}"),
    "took": ("{folder}: taking {files}", "{folder}：取其中的 {files}"),
    "no file": ("not an ordinary file", "不是普通文件"),
    "stdout": ("standard output", "标准输出"),
    "empty folder": ("there is no raft.c in this folder, and no other .c to take for it",
                     "目录中没有 raft.c，也没有可以代替它的 .c 文件"),
    "other run": ("another run builds the lab in this tree; waiting for it", "本目录中另一个运行正在构建实验，等待中"),
    "no seccomp": (
        "system calls cannot be filtered here (no seccomp): submissions are held by limits of time, memory and "
        "processes alone; grade files of people you trust, or in a container",
        "这里无法过滤系统调用（没有 seccomp）：提交的代码只受时间、内存和进程数的限制；请只评可信的文件，或在容器里运行"),
    "no lab base": ("the lab cannot be built here: {why}", "这里无法构建实验：{why}"),
    "too large": ("more than {limit} bytes: that is no raft.c", "超过 {limit} 字节：这不是 raft.c"),
    "binary": ("there are zero bytes in it: that is no C text", "其中有零字节：这不是 C 源文件"),
    "no markers": ("no marker of any step is in it", "其中没有任何一步的标记"),
    "took too long": ("judging it was given up after {limit} seconds", "评判超过 {limit} 秒，已放弃"),

    # verdicts and statuses
    "pass": ("pass", "通过"),
    "fail": ("fail", "未通过"),
    v.PASSED: ("passed", "通过"),
    v.FAILED: ("failed", "未通过"),
    v.EMPTY: ("not filled in", "未填写"),
    v.COMPILE_ERROR: ("does not compile", "编译错误"),
    v.TAMPERED: ("tampered with", "被改动"),

    # a failure
    "test": ("test", "测试"),
    "about": ("about", "场景"),
    "expected": ("expected", "应该"),
    "seen": ("seen", "实际"),
    "event": ("departs at", "偏离处"),
    "reference": ("reference", "参考"),
    "yours": ("yours", "你的"),
    "think": ("think", "想一想"),
    "place": ("place", "位置"),
    "proof": ("proof", "证明"),
    "together": ("only together with {steps}", "只与 {steps} 一起出错"),
    "ends timeout": ("it does not end", "没有结束"),
    "ends crash": ("it crashes", "崩溃"),
    "ends panic": ("it breaks an invariant of raft", "破坏了 raft 的不变式"),
    "ends exit": ("it leaves the program", "退出了程序"),
    "ends forbidden": ("it does what it must not", "做了不允许的事"),
    "ends memory": ("it takes all memory", "耗尽了内存"),
    "ends fail": ("a test fails", "有测试未通过"),
    "all steps": ("all steps", "所有步骤"),
    "more tests": ("and {count} more of its {tests} tests", "另有 {count} 个测试未通过（共 {tests} 个）"),
    "all empty": ("not filled in: {steps}", "未填写：{steps}"),
    "everything passed": ("All steps passed.", "所有步骤都通过了。"),
    "score line": ("{points} of {most} points: {verdict}", "得分 {points}/{most}：{verdict}"),
    "nothing submitted": ("The submission could not be read: {why}", "无法读取提交的文件：{why}"),

    # the table and the class
    "file": ("file", "文件"),
    "verdict": ("verdict", "结论"),
    "points": ("points", "得分"),
    "seconds": ("seconds", "秒"),
    "legend": ("ok passed   X failed   - not filled in   C does not compile   ! tampered with",
               "ok 通过   X 未通过   - 未填写   C 编译错误   ! 被改动"),
    "class": ("The class: {files} files, median {points} of {most} points, median {seconds} s per file",
              "全班：{files} 个文件，得分中位数 {points}/{most}，每个文件用时中位数 {seconds} 秒"),
    "class head": ("step\tpassed\tfailed\tempty\tother\tstuck\tcommonest failing test",
                   "步骤\t通过\t未通过\t未填写\t其他\t卡住\t最常未通过的测试"),
    "class stuck": ("Most get stuck at {step}, {title}: {count} of {files}.",
                    "最多人卡在 {step}（{title}）：{files} 人中有 {count} 人。"),
    "class legend": ("other: does not compile, or tampered with; stuck: the first step that has not passed",
                     "其他：编译错误或被改动；卡住：第一个没有通过的步骤"),

    # --watch
    "watch usage": (
        """usage: ./raftLab_test.sh --watch [election | replication | STEP...] [--lang L]

Tests the steps again whenever raft/raft.c is saved: first the one that was changed.
Ctrl-C ends it.""",
        """用法：./raftLab_test.sh --watch [election | replication | STEP...] [--lang L]

每次保存 raft/raft.c 就重新测试，先测改动的那一步。按 Ctrl-C 结束。"""),
    "watching": ("watching {file} (Ctrl-C ends it)", "正在监视 {file}（Ctrl-C 结束）"),
    "saved": ("{file} was saved", "{file} 已保存"),
    "saved step": ("{file} was saved: {steps} changed", "{file} 已保存：改动了 {steps}"),
    "first": ("{step}  {title}: {status}", "{step}  {title}：{status}"),
    "gone": ("{file} is not there; waiting for it", "{file} 不存在，等待中"),
    "next": ("Next: {step}, {title} ({file}:{line})", "下一步：{step}，{title}（{file}:{line}）"),
    "next plain": ("Next: {step}, {title}", "下一步：{step}，{title}"),
    "next read": ("to read: {read_on}; Documentation/lab-guide.md", "阅读：{read_on}；Documentation/lab-guide.zh.md"),
    "next hint": ("a hint: ./raftLab_test.sh hint {step}", "提示：./raftLab_test.sh hint {step}"),
    "done": ("All done. The cluster works.", "全部完成，集群可以工作了。"),
    "progress": ("{passed} of {all} steps", "{passed}/{all} 步"),
    "ready": ("waiting for the next save", "等待下一次保存"),
    "watch step": ("--watch: there is no step \"{step}\"; the steps are {steps}",
                   "--watch：没有步骤“{step}”；步骤有 {steps}"),
    "judge failed": ("the test could not be run:", "无法运行测试："),
}


def say(lang, key, **values):
    text = WORDS[key][1 if lang == "zh" else 0]
    return text.format(**values) if values else text


def one_line(text):
    """Text of several lines, or with control characters that a terminal would obey, as
    one line that can be shown anywhere."""
    return visible(re.sub(r"\s*[\r\n]+\s*", "; ", text.strip()))


def visible(text):
    """Control characters, and bytes that are no UTF-8, as \\xNN; line ends stay."""
    def escape(match):
        code = ord(match.group())
        return f"\\x{code - 0xdc00 if code >= 0xd800 else code:02x}"
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]",
                  lambda m: " " if m.group() == "\t" else escape(m), text)


def file_name(name):
    """A file name that spoils no table."""
    return visible(name).replace("\n", "\\x0a")


def width(text):
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text, columns):
    return text + " " * (columns - width(text))


def pad_left(text, columns):
    return " " * (columns - width(text)) + text
