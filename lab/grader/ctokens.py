# SPDX-License-Identifier: Apache-2.0
"""Tokens of C, as far as it takes to know what is code and what is a comment or a
string. Never fails: what is no C is tokens as well."""

import re
from typing import NamedTuple

# An unclosed comment goes to the end of the file, an unclosed string to the end of its line.
TOKEN = re.compile(r"""
    (?P<space>(?:[ \t\f\v\r]|\\\r?\n)+)
  | (?P<newline>\n)
  | (?P<comment>/\*.*?\*/ | //(?:\\\r?\n|[^\n])*)
  | (?P<unclosed>/\*.*)
  | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<char>[uUL]?'(?:\\.|[^'\\\n])*')
  | (?P<quote>["'](?:\\\r?\n|[^\n])*)
  | (?P<word>[^\W\d](?:\w|\$)*|\$(?:\w|\$)*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<punct><<=|>>=|\.\.\.|%:%:|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|\#\#|<%|%>|<:|:>|%:|.)
""", re.S | re.X)
DIGRAPHS = {"<%": "{", "%>": "}", "<:": "[", ":>": "]", "%:": "#", "%:%:": "##"}


class Token(NamedTuple):
    kind: str  # space, newline, comment, unclosed, string, char, quote, word, number, punct
    text: str
    start: int  # where in the text
    end: int


def tokens(text, start=0):
    """The tokens of the text from start on, one after the other, white space and comments as well."""
    for found in TOKEN.finditer(text, start):
        spelled = found.group()
        yield Token(found.lastgroup, DIGRAPHS.get(spelled, spelled), found.start(), found.end())


def code(text):
    """What the compiler sees of a text: its tokens without comments and white space."""
    return [t.text for t in tokens(text) if t.kind not in ("space", "newline", "comment", "unclosed")]


def directives(text):
    """The preprocessor's lines in a text, each a list of its tokens after the "#"; the rest
    of the text as a last list: (directives, rest)."""
    lines, rest, current, fresh = [], [], None, True
    for token in tokens(text):
        if token.kind == "newline":
            current, fresh = None, True
        elif token.kind in ("space", "comment", "unclosed"):
            continue
        elif fresh and token.text == "#":
            current, fresh = [token], False
            lines.append(current)
        else:
            fresh = False
            (rest if current is None else current).append(token)
    return lines, rest


def without_disabled(text):
    """The text without what stands between "#if 0" and its #endif, which is a comment
    to whoever writes it."""
    kept, depth, alive = [], 0, []
    for line in text.split("\n"):
        words = code(line)
        word = words[1] if len(words) > 1 and words[0] == "#" else ""
        if word in ("if", "ifdef", "ifndef"):
            depth += 1
            if words[2:] == ["0"]:
                alive.append(depth)
                continue
        elif word in ("else", "elif") and alive and alive[-1] == depth:
            alive[-1] = -depth  # what follows may be compiled
            continue
        elif word == "endif" and depth:
            depth -= 1
            if alive and abs(alive[-1]) == depth + 1:
                alive.pop()
                continue
        if all(level < 0 for level in alive):
            kept.append(line)
    return "\n".join(kept)
