# SPDX-License-Identifier: Apache-2.0
"""Text that can be shown anywhere: no bytes that a terminal would obey, and in columns, of
which a Chinese character takes two."""

import os
import re
import unicodedata

COLUMNS = 94  # of a text that is indented
# What must not begin a line.
CLOSING = "，。；：？！、）】》”’,.;:?!)]"
COLOURS = {"red": "\033[31m", "green": "\033[32m", "yellow": "\033[33m", "bold": "\033[1m"}


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


def _pieces(text):
    """A text as pieces between which a line may end."""
    piece = ""
    for c in text:
        wide = width(c) == 2
        if piece and (piece[-1] == " " and c != " " or
                      (wide or width(piece[-1]) == 2) and c not in CLOSING and c != " " and piece[-1] not in "（“《"):
            yield piece
            piece = ""
        piece += c
    if piece:
        yield piece


def wrap(text, columns=COLUMNS):
    """The text in lines of at most so many columns, if its words allow."""
    lines = []
    for paragraph in visible(text).split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and width(line + piece.rstrip()) > columns:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def table(pairs):
    """Pairs of a name and a text, in two columns."""
    column = max((width(name) for name, _ in pairs), default=0) + 2
    lines = []
    for name, text in pairs:
        for line in wrap(text, COLUMNS - column):
            lines.append(pad(name, column) + line)
            name = ""
    return lines


class Paint:
    """Colours, where there is a terminal and nobody minds."""

    def __init__(self, out):
        self.on = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"

    def __call__(self, colour, text):
        return f"{COLOURS[colour]}{text}\033[0m" if self.on else text
