# SPDX-License-Identifier: Apache-2.0
"""What judge.py says: of blanks, of tests, and of what keeps it from judging."""

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
    "seen-loop": ("an endless loop", "死循环"),
    "seen-panic": ("raft stops the program: {what}", "raft 终止了程序：{what}"),
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
    "not-judged": ("not judged", "未评判"),
    "tampered": ("tampered with", "被改动"),
    # --- and of a file, besides
    "pass": ("pass", "通过"),
    "fail": ("fail", "未通过"),
    # --- proofs: with none, one or many other steps that pass together
    "proof-none": ("with the reference in all other steps, {name} fails with yours and passes with the reference",
                   "其余各步都用参考代码：用你的 {name} 就失败，用参考代码就通过"),
    "proof-one": (
        "with the reference in {name} and your other step everything passes; with yours it fails",
        "{name} 换成参考代码、另一步用你的代码，全部通过；换回你的就失败"),
    "proof-many": ("with the reference in {name} and your {count} other steps everything passes; with yours it fails",
                   "{name} 换成参考代码、其余{count}步用你的代码，全部通过；换回你的就失败"),
    "proof-several-one": (
        "with yours in {name} alone and the reference in all other steps it fails; your one right step passes",
        "只有 {name} 用你的代码、其余各步都用参考代码，仍然失败；你做对的那一步通过"),
    "proof-several-many": (
        "with yours in {name} alone and the reference in all other steps it fails; "
        "your {count} right steps pass together",
        "只有 {name} 用你的代码、其余各步都用参考代码，仍然失败；你做对的{count}步合在一起全部通过"),
    "proof-together-none": (
        "each of {names} passes with the reference in the others; together they fail",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败"),
    "proof-together-one": (
        "each of {names} passes with the reference in the others, together they fail; "
        "with the reference in all of them and your other step everything passes",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败；把它们都换成参考代码、另一步用你的，全部通过"),
    "proof-together-many": (
        "each of {names} passes with the reference in the others, together they fail; "
        "with the reference in all of them and your {count} other steps everything passes",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败；把它们都换成参考代码、其余{count}步用你的，全部通过"),
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
}
