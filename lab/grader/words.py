# SPDX-License-Identifier: Apache-2.0
"""All that the grader says to people, in English and Chinese side by side."""

import os
import re

WORDS = {
    # --- markers
    "marker-unknown": ("the lab has no {name}", "实验里没有 {name}"),
    "markers-missing": (
        "the comments of {name} are missing; restore /* RaftLab {name}: ... */ and /* RaftLab {name} end */",
        "{name} 的两条注释不见了；请恢复 /* RaftLab {name}: ... */ 和 /* RaftLab {name} end */"),
    "marker-twice": ("{name} begins a second time (first in line {line})", "{name} 在这里第二次开始（第一次在第 {line} 行）"),
    "marker-end-twice": ("{name} ends a second time (first in line {line})", "{name} 在这里第二次结束（第一次在第 {line} 行）"),
    "marker-end-missing": (
        "the end of {name} is missing: there should be a line /* RaftLab {name} end */",
        "{name} 没有结束：应当有一行 /* RaftLab {name} end */"),
    "marker-begin-missing": (
        "{name} ends here, but does not begin before: there should be a comment /* RaftLab {name}: ... */",
        "{name} 在这里结束，但前面没有开始：应当有注释 /* RaftLab {name}: ... */"),
    "marker-around": (
        "{name} ends here, behind the beginning of {other} (line {line}): its end has been moved",
        "{name} 到这里才结束，而 {other} 已在第 {line} 行开始：结束注释被移动过"),
    "marker-crossed": (
        "{name} begins here, before {other} has ended (line {line})",
        "{name} 在这里开始，而 {other} 到第 {line} 行才结束"),
    "marker-moved": (
        "{name} belongs into {function}(): its comments have been moved",
        "{name} 应当在 {function}() 里：它的注释被移动过"),
    "marker-over-given": (
        "the comments of {name} have been moved over code that was given: put them back where they were",
        "{name} 的注释被移到了给定代码的另一边：请把它们移回原处"),
    # --- the text of a blank
    "rule-comment": ("the comment that begins here is not closed", "从这里开始的注释没有结束"),
    "rule-not-closed": ("the {bracket} that is opened here is not closed in the blank", "这里的 {bracket} 在空里没有配对的右括号"),
    "rule-too-many": ("a {bracket} too many: nothing that is opened in the blank is closed by it",
                      "多了一个 {bracket}：空里没有与它配对的左括号"),
    "rule-crossed": ("{bracket} does not fit the {open} of line {line}", "{bracket} 与第 {line} 行的 {open} 不配对"),
    "rule-if-not-closed": ("the #if that begins here has no #endif in the blank", "这里的 #if 在空里没有 #endif"),
    "rule-no-if": ("#{name} without an #if in the blank", "空里的 #{name} 没有对应的 #if"),
    "rule-if-brackets": ("each branch of an #if has to close what it opens", "#if 的每个分支都要自己把括号配对"),
    "rule-macro-brackets": ("the macro {name} does not close what it opens", "宏 {name} 里的括号不配对"),
    "rule-asm": ("assembler has no place in a blank", "空里不能使用汇编"),
    "rule-name": ("{name} belongs to the grader and has no place in a blank", "{name} 属于评分程序，不能在空里使用"),
    "rule-attribute": ("the attribute {name} has no place in a blank", "空里不能使用属性 {name}"),
    "rule-directive": ("#{name} has no place in a blank", "空里不能使用 #{name}"),
    "rule-include": ("in a blank only headers of the C standard can be included, not {name}",
                     "空里只能 #include C 标准头文件，不能是 {name}"),
    "rule-define": ("{name} is a name of the given code; it must not be redefined", "{name} 是给定代码里的名字，不能重新定义"),
    "rule-paste": ("## has no place in a blank", "空里不能使用 ##"),
    "too-big": ("the file is too big to be a raft.c (more than {kib} KiB)", "文件太大，不可能是 raft.c（超过 {kib} KiB）"),
    "no-compile": ("the compiler gives up", "编译器放弃了编译"),
    # --- how a test ended
    "at-place": (", at {place}", "，位于 {place}"),
    "expect-end": ("the test comes to its end", "测试运行到结束"),
    "expect-invariant": ("no invariant is broken", "不变式没有被破坏"),
    "seen-loop": ("an endless loop", "死循环"),
    "seen-exit": ("exit() is called before the test is over", "测试还没有结束就调用了 exit()"),
    "seen-forbidden": ("the code calls {what}, which is not allowed in a test", "代码调用了测试中不允许的 {what}"),
    "seen-memory": ("memory ran out (an endless loop that allocates?)", "内存用完了（在死循环里分配内存？）"),
    "seen-printing": ("an endless loop that prints", "一直打印的死循环"),
    "seen-crash": ("a crash: {what}", "崩溃：{what}"),
    "stack-full": ("the stack is full: functions call each other, or themselves, without end",
                   "栈满了：函数相互调用或自己调用自己，没有尽头"),
    # --- what can become of a step
    "passed": ("passed", "通过"),
    "failed": ("failed", "未通过"),
    "not-filled": ("not filled in yet", "未填写"),
    "compile-error": ("does not compile", "编译不过"),
    "tampered": ("not judged", "未评判"),
    # --- outside the blanks
    "outside": ("Changed outside the blanks: {places}; the grader ignores it (git diff shows it).",
                "空以外有改动：{places}；评分时会忽略（git diff 可以看到）。"),
    "outside-counts": (
        "Without what was changed outside the blanks, as it will be graded: {steps}.",
        "评分时不带空以外的改动，结果会是：{steps}。"),
    "outside-files": ("Changed besides: {files}; the grader has its own.", "此外还改动了：{files}；评分时用原来的文件。"),
    # --- what cannot be helped by mending a blank
    "markers-stay": (
        "The comments that begin and end a blank have to stay as they were handed out; git diff raft/raft.c shows "
        "what has become of them.",
        "标记空的开始和结束的注释要保持原样；git diff raft/raft.c 可以看到它们变成了什么样。"),
    "tools-missing": ("{tools} is missing (on Debian: apt-get install {packages})",
                      "缺少 {tools}（在 Debian 上：apt-get install {packages}）"),
    "base-failed": ("The build failed, but not because of raft/raft.c (git diff shows what was changed):",
                    "构建失败，但原因不在 raft/raft.c（git diff 可以看到改动了什么）："),
    "reference-fails": ("The reference does not compile with what is in this tree:", "参考代码在这里无法编译："),
    "link-fails": ("The tests could not be linked:", "测试程序无法链接："),
    "not-writable": ("{folder} cannot be written to: {why} (is this tree yours?)",
                     "{folder} 无法写入：{why}（这个目录是你的吗？）"),
    "waiting": ("Another run is building in this tree; waiting for it.", "另一个运行正在这里构建，等待它结束。"),
    # --- a student's report
    "label-test": ("test", "测试"),
    "label-about": ("situation", "情景"),
    "label-expected": ("expected", "期望"),
    "label-seen": ("seen", "看到"),
    "label-event": ("departs when", "分岔处"),
    "label-reference": ("reference", "参考"),
    "label-yours": ("yours", "你的"),
    "label-proof": ("proof", "证明"),
    "label-think": ("think", "想一想"),
    "label-read-on": ("read on", "参阅"),
    "label-try": ("try", "试试"),
    "label-more": ("more", "详情"),
    "test-count": ("(the first of {failed} that fail)", "（共 {failed} 个测试失败，这是第一个）"),
    "where-to-read": ('{guide}, "{marker}"; {paper}', "{guide} 的“{marker}”；{paper}"),
    "try-hint": ("a hint", "提示"),
    "try-gdb": ("this test in gdb", "在 gdb 里看这个测试"),
    "try-sanitize": ("where memory is used wrongly", "哪里用错了内存"),
    "outside-compile": ("What was changed outside the blanks does not compile; the steps were judged without it:",
                        "空以外的改动编译不过；以上各步是不带这些改动评判的："),
    "outside-fails": ("With the reference in all blanks this fails, too: the fault is outside of them.",
                      "所有的空都换成参考代码，仍然失败：问题在空以外。"),
    "warnings": ("The compiler warns; ./build.sh will not accept that:", "编译器有警告；./build.sh 不会接受："),
    "progress": ("{passed} of {all} steps passed", "{all} 步中通过了 {passed} 步"),
    "next": ("Next: {id}, {name}{where}", "下一步：{id}，{name}{where}"),
    "next-where": (", raft/raft.c:{line}, {function}()", "，raft/raft.c:{line}，{function}()"),
    "next-empty": ("      {guide} tells what to do; ./raftLab_test.sh hint {id} gives a hint.",
                   "      要做什么，见 {guide}；要提示，用 ./raftLab_test.sh hint {id}。"),
    "no-file": ("raft/raft.c is not there; git checkout raft/raft.c brings it back as you last committed it.",
                "raft/raft.c 不见了；git checkout raft/raft.c 可以恢复到你上次提交的样子。"),
    "gdb-fails": ("{name}: {test} fails; gdb stops at raft/raft.c:{line} and at the failed expectation",
                  "{name}：{test} 失败；gdb 会停在 raft/raft.c:{line}，以及没有得到满足的期望那里"),
    "gdb-passes": ("{name}: no test fails; gdb runs {test} and stops at raft/raft.c:{line}",
                   "{name}：没有测试失败；gdb 运行 {test}，停在 raft/raft.c:{line}"),
    # --- the command line
    "no-option": ("there is no option {option} (-h explains)", "没有选项 {option}（见 -h）"),
    "no-language": ("--lang {value}: it can be en or zh", "--lang {value}：只能是 en 或 zh"),
    "no-step": ('there is no step "{name}"; the steps are {steps} (-h explains)', "没有“{name}”这一步；步骤有 {steps}（见 -h）"),
    "gdb-which": ("gdb: which step? For example: ./raftLab_test.sh gdb e5", "gdb：哪一步？例如：./raftLab_test.sh gdb e5"),
    "usage-part": ("    ./raftLab_test.sh {part} the steps of that part: {steps}",
                   "    ./raftLab_test.sh {part} 这一部分的各步：{steps}"),
    "usage": ("""\
usage: ./raftLab_test.sh [{names} | STEP...]
       ./raftLab_test.sh sanitize [{names} | STEP...]
       ./raftLab_test.sh gdb STEP
       ./raftLab_test.sh hint STEP [1 | 2 | 3]
       ./raftLab_test.sh --watch [STEP...]
       ./raftLab_test.sh --grade FILE...

Tests the {count} steps of the lab in raft/raft.c, or only some of them:

    ./raftLab_test.sh              all of them
{parts}
    ./raftLab_test.sh {step}           this one

    sanitize   compiled with AddressSanitizer and UBSan: slower, but sees memory used
               wrongly that goes unnoticed otherwise
    gdb        the first failing test of a step in gdb, stopped in the blank; fails none,
               then its first test
    hint       a hint to a step; 2 is more telling than 1, 3 is nearly the solution
    --watch    tests again whenever raft/raft.c is saved
    --grade    for teachers: grades files (--grade --help explains)
    --lang L   en or zh; else as the environment says (LANG)

A step has passed, failed, or is not filled in yet. What to do in each step is in
Documentation/lab-guide.md (in Chinese: Documentation/lab-guide.zh.md).

The last line is PASS or FAIL, the exit status 0 or 1 (2: wrong arguments). Set CC
to choose the compiler, NO_COLOR to have no colour.""", """\
用法：./raftLab_test.sh [{names} | 步骤...]
      ./raftLab_test.sh sanitize [{names} | 步骤...]
      ./raftLab_test.sh gdb 步骤
      ./raftLab_test.sh hint 步骤 [1 | 2 | 3]
      ./raftLab_test.sh --watch [步骤...]
      ./raftLab_test.sh --grade 文件...

测试 raft/raft.c 中实验的{count}步，或其中几步：

    ./raftLab_test.sh              全部
{parts}
    ./raftLab_test.sh {step}           这一步

    sanitize   用 AddressSanitizer 和 UBSan 编译：较慢，但能发现平时看不出的内存错误
    gdb        在 gdb 里运行某一步第一个失败的测试，停在那个空里；没有失败的，就运行第一个测试
    hint       某一步的提示；2 比 1 说得多，3 已经很接近答案
    --watch    每次保存 raft/raft.c 就重新测试
    --grade    供教师使用：给文件评分（见 --grade --help）
    --lang L   en 或 zh；不写则由环境变量（LANG）决定

每一步的结果是通过、未通过或未填写。每一步要做什么，见 Documentation/lab-guide.zh.md
（英文：Documentation/lab-guide.md）。

最后一行是 PASS 或 FAIL，退出码是 0 或 1（2：参数有误）。用 CC 选择编译器，设置 NO_COLOR 则不用颜色。"""),
    # --- proofs
    "proof-one": ("with the reference in {name} and your {count} other steps everything passes; with yours it fails",
                  "{name} 换成参考代码、其余{count}步用你的代码，全部通过；换回你的就失败"),
    "proof-one-other": (
        "with the reference in {name} and your other step everything passes; with yours it fails",
        "{name} 换成参考代码、另一步用你的代码，全部通过；换回你的就失败"),
    "proof-several": (
        "with yours in {name} alone and the reference in all other steps it fails; "
        "your {count} right steps pass together",
        "只有 {name} 用你的代码、其余各步都用参考代码，仍然失败；你做对的{count}步合在一起全部通过"),
    "proof-alone": ("with the reference in all other steps, {name} fails with yours and passes with the reference",
                    "其余各步都用参考代码：用你的 {name} 就失败，用参考代码就通过"),
    "proof-together": (
        "each of {names} passes with the reference in the others, together they fail; "
        "with the reference in all of them and your {count} other steps everything passes",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败；把它们都换成参考代码、其余{count}步用你的，全部通过"),
    "proof-together-alone": (
        "each of {names} passes with the reference in the others; together they fail",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败"),
}


def read_on(lang, text):
    """"Raft paper, section 5.2 and figure 4" in the language."""
    if lang != "zh":
        return text
    match = re.fullmatch(r"Raft paper, sections? (.*?)(?: and figure (\d+)(.*))?", text)
    if not match:
        return text
    sections = match[1].replace(" and ", "、")
    figure = f"和图 {match[2]}{match[3]}" if match[2] else ""
    return re.sub(r" \((.*)\)$", r"（\1）", f"Raft 论文 {sections} 节{figure}")


def say(lang, key, **names):
    """The text of that key in a language ("en" or "zh"), its {names} filled in."""
    return WORDS[key][1 if lang == "zh" else 0].format(**names)


NUMBERS = (("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
           ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"))


def number(lang, n):
    """A count in words, as far as one writes it so."""
    words = NUMBERS[lang == "zh"]
    return words[n] if n < len(words) else (f" {n} " if lang == "zh" else str(n))


def join(lang, names):
    """"A, B and C"."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    comma, last = ("、", "和 ") if lang == "zh" else (", ", " and ")
    return comma.join(names[:-1]) + last + names[-1]


def choose_language(wanted=None, environ=None):
    """"zh" or "en": what was asked for, else what the locale says."""
    environ = os.environ if environ is None else environ
    for value in (wanted, environ.get("LC_ALL"), environ.get("LC_MESSAGES"), environ.get("LANG")):
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
