# SPDX-License-Identifier: Apache-2.0
"""Text in the columns of a terminal, where a Chinese character takes two of them."""

import os

from lab.grader.more_words import visible, width

COLUMNS = 100
# What must not begin a line.
CLOSING = "，。；：？！、）】》”’,.;:?!)]"
COLOURS = {"red": "\033[31m", "green": "\033[32m", "yellow": "\033[33m", "bold": "\033[1m"}


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


def wrap(text, columns):
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


def table(pairs, indent):
    """Pairs of a name and a text, in two columns."""
    column = max((width(name) for name, _ in pairs), default=0) + 2
    lines = []
    for name, text in pairs:
        for line in wrap(text, COLUMNS - indent - column):
            lines.append(" " * indent + name + " " * (column - width(name)) + line)
            name = ""
    return lines


class Paint:
    """Colours, where there is a terminal and nobody minds."""

    def __init__(self, out):
        self.on = out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"

    def __call__(self, colour, text):
        return f"{COLOURS[colour]}{text}\033[0m" if self.on else text
