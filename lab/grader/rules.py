# SPDX-License-Identifier: Apache-2.0
"""What the text of a blank must keep to so that it can stand in the place of the
reference, and nothing else: braces that match, and none of the ways out of a blank that
the compiler knows."""

import re
from dataclasses import dataclass, field

from lab.grader import ctokens, words
from lab.grader.verdict import COMPILE_ERROR, TAMPERED

PAIRS = {")": "(", "]": "[", "}": "{"}
CONDITIONALS = ("if", "ifdef", "ifndef", "elif", "else", "endif", "elifdef", "elifndef")
HARMLESS = CONDITIONALS + ("define", "undef", "include", "error", "warning", "")
# #include in a blank: the headers of the C standard, read before the file begins.
HEADERS = """assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
    stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype unistd
    """.split()
ALWAYS = ("stdio", "stdlib", "string", "stdbool", "stdint", "inttypes", "stddef", "limits", "errno", "assert")
ASSEMBLER = {"asm", "__asm", "__asm__"}
ATTRIBUTE = {"__attribute", "__attribute__"}
ATTRIBUTES = {"constructor", "destructor", "section", "alias", "ifunc", "weakref", "cleanup"}
# Names of what judges: whoever uses these is after something else than Raft.
GRADERS = re.compile(r"(?:lab|runner|LAB|RUNNER)_\w+|RAFTLAB\w*|_Pragma|__pragma")
TRIGRAPHS = {"=": "#", "/": "\\", "'": "^", "(": "[", ")": "]", "!": "|", "<": "{", ">": "}", "-": "~"}


@dataclass
class Breach:
    """A rule that a blank's text does not keep."""

    status: str  # compile-error or tampered
    line: int  # of the file
    rule: str  # the text's key in words.py
    names: dict = field(default_factory=dict)

    def say(self, lang):
        return words.say(lang, self.rule, **self.names)


def check(blank, given=frozenset()):
    """The first Breach of the blank, or None. given: the names that the given code uses."""
    if blank.unclosed:
        return Breach(COMPILE_ERROR, blank.unclosed, "rule-comment")
    text, lines = _spliced(blank)
    checker = _Checker(text, lines, given)
    return checker.run()


def macros(text):
    """The names that a text defines or undefines."""
    found = []
    for line in ctokens.directives(text)[0]:
        if len(line) > 2 and line[1].text in ("define", "undef") and line[2].text not in found:
            found.append(line[2].text)
    return found


def headers(text):
    """The standard headers that a text includes."""
    found = re.findall(r"^[ \t]*(?:#|%:)[ \t]*include[ \t]*[<\"]([a-z0-9]+)\.h[>\"]", text, re.M)
    return [h for h in found if h in HEADERS]


def names_in(code):
    """The names among the tokens of some code."""
    return frozenset(word for word in code if word.isidentifier())


def _spliced(blank):
    """The blank's text as the compiler joins it: trigraphs replaced, lines that end in a
    backslash joined. With it a function from an offset to the line of the file."""
    text = re.sub(r"\?\?([=/'()!<>-])", lambda m: TRIGRAPHS[m[1]], blank.text)
    top = blank.first - (0 if text.split("\n", 1)[0].strip() else 1)
    starts, out, line = [(0, top)], "", top
    for piece in text.split("\n"):
        line += 1
        if piece.endswith("\\"):
            out += piece[:-1]
        else:
            out += piece + "\n"
        starts.append((len(out), line))

    def line_at(offset):
        return max((number for start, number in starts if start <= offset), default=top)
    return out, line_at


class _Checker:
    def __init__(self, text, line_at, given):
        self.text = text
        self.line_at = line_at
        self.given = given

    def breach(self, status, token, rule, **names):
        return Breach(status, self.line_at(token.start), rule, names)

    def run(self):
        stack = []  # brackets that are open
        groups = []  # how many were when each #if began
        lines, rest = ctokens.directives(self.text)
        first = {line[0].start: line for line in lines}
        events = sorted([(t.start, t) for t in rest] + [(line[0].start, line[0]) for line in lines])
        for start, token in events:
            if start in first:
                found = self.directive(first[start], stack, groups)
            else:
                found = self.bracket(token, stack) or self.word(token)
            if found:
                return found
        attribute = self.attribute(rest)
        if attribute:
            return attribute
        if stack:
            return self.breach(COMPILE_ERROR, stack[-1], "rule-not-closed", bracket=stack[-1].text)
        if groups:
            return self.breach(COMPILE_ERROR, groups[-1][1], "rule-if-not-closed")
        return None

    def bracket(self, token, stack):
        if token.text in ("(", "[", "{"):
            stack.append(token)
        elif token.text in PAIRS and token.kind == "punct":
            if not stack:
                return self.breach(COMPILE_ERROR, token, "rule-too-many", bracket=token.text)
            if stack[-1].text != PAIRS[token.text]:
                return self.breach(COMPILE_ERROR, token, "rule-crossed", bracket=token.text, open=stack[-1].text,
                                   line=self.line_at(stack[-1].start))
            stack.pop()
        return None

    def word(self, token):
        if token.kind != "word":
            return None
        if token.text in ASSEMBLER:
            return self.breach(TAMPERED, token, "rule-asm")
        if GRADERS.fullmatch(token.text):
            return self.breach(TAMPERED, token, "rule-name", name=token.text)
        return None

    def attribute(self, rest):
        if not any(t.text in ATTRIBUTE for t in rest):
            return None
        for token in rest:
            if token.text.strip("_") in ATTRIBUTES:
                return self.breach(TAMPERED, token, "rule-attribute", name=token.text)
        return None

    def directive(self, line, stack, groups):
        token, what = line[0], line[1].text if len(line) > 1 else ""
        if what in CONDITIONALS:
            return self.conditional(token, what, stack, groups)
        if what not in HARMLESS:
            return self.breach(TAMPERED, token, "rule-directive", name=what)
        if what == "include":
            name = "".join(t.text for t in line[2:])
            if not re.fullmatch(r"[<\"]([a-z0-9]+)\.h[>\"]", name) or name[1:-3] not in HEADERS:
                return self.breach(TAMPERED, token, "rule-include", name=name)
        if what in ("define", "undef"):
            return self.macro(line)
        return None

    def conditional(self, token, what, stack, groups):
        if what.startswith("if"):
            groups.append((len(stack), token))
        elif not groups:
            return self.breach(COMPILE_ERROR, token, "rule-no-if", name=what)
        elif groups[-1][0] != len(stack):
            return self.breach(COMPILE_ERROR, token, "rule-if-brackets")
        elif what == "endif":
            groups.pop()
        return None

    def macro(self, line):
        name, body = line[2].text if len(line) > 2 else "", line[3:]
        if name in self.given:
            return self.breach(TAMPERED, line[0], "rule-define", name=name)
        if GRADERS.fullmatch(name):
            return self.breach(TAMPERED, line[0], "rule-name", name=name)
        stack = []
        for token in body:
            if token.text == "##":
                return self.breach(TAMPERED, token, "rule-paste")
            if self.bracket(token, stack):
                return self.breach(COMPILE_ERROR, token, "rule-macro-brackets", name=name)
            found = self.word(token)
            if found:
                return found
        if stack:
            return self.breach(COMPILE_ERROR, line[0], "rule-macro-brackets", name=name)
        return self.attribute(body)
