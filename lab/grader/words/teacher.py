# SPDX-License-Identifier: Apache-2.0
"""What a teacher reads: --grade and its reports."""

WORDS = {
    # --- the command line
    "usage-grade": ("""\
usage: ./raftLab_test.sh --grade FILE... [options]

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
one could not be read or the arguments are wrong.""", """\
用法：./raftLab_test.sh --grade FILE... [选项]

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
    "no-files": ("--grade: which files? For example: --grade students/*/raft.c",
                 "--grade：要评哪些文件？例如：--grade students/*/raft.c"),
    "bad-option": ("--grade: there is no option {option} (--grade --help explains)",
                   "--grade：没有选项 {option}（见 --grade --help）"),
    "needs-value": ("--grade: {option} needs a value", "--grade：{option} 需要一个值"),
    "bad-value": ("--grade: {option} {value}: it can be {allowed}", "--grade：{option} {value}：只能是 {allowed}"),
    "whole-number": ("a whole number from 1 to {most}", "1 到 {most} 的整数"),
    "seconds-to": ("a number of seconds from 1 to {most}", "1 到 {most} 的秒数"),
    "gradescope-wants-one": (
        "--format gradescope: results.json is about one submission; give one FILE, or --output FOLDER "
        "(existing, or ending in /) for a .json of each",
        "--format gradescope：results.json 只描述一份提交；请只给一个 FILE，或用 --output 目录"
        "（已存在，或以 / 结尾）让每份各有一个 .json"),
    "output-is-input": ("--output {path}: that would overwrite a submission", "--output {path}：会覆盖学生提交的文件"),
    # --- files
    "cannot-write": ("{path} cannot be written: {why}", "无法写入 {path}：{why}"),
    "cannot-read": ("{file} cannot be read: {why}", "无法读取 {file}：{why}"),
    "cannot-grade": ("{file} could not be graded: {why}", "无法给 {file} 评分：{why}"),
    "took": ("{folder}: taking {files}", "{folder}：取其中的 {files}"),
    "no-ordinary-file": ("not an ordinary file", "不是普通文件"),
    "stdout": ("standard output", "标准输出"),
    "empty-folder": ("there is no raft.c in this folder, and no other .c to take for it",
                     "目录中没有 raft.c，也没有可以代替它的 .c 文件"),
    "no-seccomp": (
        "system calls cannot be filtered here (no seccomp): submissions are held by limits of time, memory and "
        "processes alone; grade files of people you trust, or in a container",
        "这里无法过滤系统调用（没有 seccomp）：提交的代码只受时间、内存和进程数的限制；请只评可信的文件，或在容器里运行"),
    "no-lab-base": ("the lab cannot be built here: {why}", "这里无法构建实验：{why}"),
    "binary": ("there are zero bytes in it: that is no C text", "其中有零字节：这不是 C 源文件"),
    "no-markers": ("no marker of any step is in it", "其中没有任何一步的标记"),
    "took-too-long": ("judging it was given up after {limit} seconds", "评判超过 {limit} 秒，已放弃"),
    # --- reports
    "all-steps": ("all steps", "所有步骤"),
    "all-empty": ("not filled in: {steps}", "未填写：{steps}"),
    "everything-passed": ("All steps passed.", "所有步骤都通过了。"),
    "score-line": ("{points} of {most} points: {verdict}", "得分 {points}/{most}：{verdict}"),
    "nothing-submitted": ("The submission could not be read: {why}", "无法读取提交的文件：{why}"),
    "file": ("file", "文件"),
    "verdict": ("verdict", "结论"),
    "points": ("points", "得分"),
    "seconds": ("seconds", "秒"),
    "legend": ("ok passed   X failed   - not filled in   C does not compile   ! tampered with",
               "ok 通过   X 未通过   - 未填写   C 编译不过   ! 被改动"),
    # --- the class
    "class": ("The class: {files} files, median {points} of {most} points, median {seconds} s per file",
              "全班：{files} 个文件，得分中位数 {points}/{most}，每个文件用时中位数 {seconds} 秒"),
    "class-head": ("step\tpassed\tfailed\tempty\tother\tstuck\tcommonest failing test",
                   "步骤\t通过\t未通过\t未填写\t其他\t卡住\t最常未通过的测试"),
    "class-stuck": ("Most get stuck at {step}, {title}: {count} of {files}.",
                    "最多人卡在 {step}（{title}）：{files} 人中有 {count} 人。"),
    "class-legend": ("other: does not compile, or tampered with; stuck: the first step that has not passed",
                     "其他：编译不过或被改动；卡住：第一个没有通过的步骤"),
}
