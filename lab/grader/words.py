# SPDX-License-Identifier: Apache-2.0
"""All that the grader says to people, in English and Chinese side by side."""

import os

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
    "undefined": ("a function that is called here is not there", "这里调用的函数不存在"),
    # --- how a test ended
    "at-place": (", at {place}", "，位于 {place}"),
    "expect-end": ("the test comes to its end", "测试运行到结束"),
    "expect-invariant": ("no invariant is broken", "不变式没有被破坏"),
    "seen-loop": ("an endless loop", "死循环"),
    "seen-printing": ("an endless loop that prints", "一直打印的死循环"),
    "seen-crash": ("a crash: {what}", "崩溃：{what}"),
    "stack-full": ("the stack is full: functions call each other, or themselves, without end",
                   "栈满了：函数相互调用或自己调用自己，没有尽头"),
    # --- proofs
    "proof-one": ("with the reference in {name} and your {count} other steps everything passes; with yours it fails",
                  "{name} 换成参考代码、其余{count}步用你的代码，全部通过；换回你的就失败"),
    "proof-one-other": (
        "with the reference in {name} and your other step everything passes; with yours it fails",
        "{name} 换成参考代码、另一步用你的代码，全部通过；换回你的就失败"),
    "proof-several": (
        "with yours in {name} alone and the reference in all other steps it fails; your {count} right steps pass together",
        "只有 {name} 用你的代码、其余各步都用参考代码，仍然失败；你做对的{count}步合在一起全部通过"),
    "proof-alone": ("with the reference in all other steps, it fails with yours and passes with the reference",
                    "其余各步都用参考代码：用你的 {name} 就失败，用参考代码就通过"),
    "proof-together": (
        "each of {names} passes with the reference in the others, together they fail; "
        "with the reference in all of them and your {count} other steps everything passes",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败；把它们都换成参考代码、其余{count}步用你的，全部通过"),
    "proof-together-alone": (
        "each of {names} passes with the reference in the others; together they fail",
        "{names} 中每一步单独与参考代码搭配都通过，合在一起就失败"),
}


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
