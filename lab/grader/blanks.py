# SPDX-License-Identifier: Apache-2.0
"""The blanks of a raft.c. A blank stands between

    /* RaftLab Election Step1: what to do, on one or several lines */
and /* RaftLab Election Step1 end */
or  /* RaftLab Election Step1 end: <stub> */

where the stub is the statement that an empty blank needs in order to compile. The file
is somebody's work: whatever has become of it, Source() makes the best of it and says in
`problems` what is wrong with the markers."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from lab.grader import ctokens, words
from lab.grader.steps import read_steps

BIGGEST = 1 << 20  # bytes; raft.c has 64 KiB
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MARKER = re.compile(r"/\*[\s*]*RaftLab\s+([A-Z][a-z]+\s+Step\d+)(?:\s+(end)\s*(?::(.*?))?[\s*]*\*/|\s*:.*?\*/)", re.S)
# Opens a marker within a comment that was not closed before it.
INNER = re.compile(r"/\*[ \t*]*RaftLab\s+[A-Z][a-z]+\s+Step\d+(?:\s*:|\s+end\b)")
AT_MARGIN = re.compile(r"^[A-Za-z_].*\(.*[^;\s\\][ \t]*$")


class SourceError(Exception):
    """A file that cannot be read as a source; the text says why."""


def read_source(path):
    """The text of a file, whatever bytes it has. SourceError if there is none to be had."""
    try:
        with open(path, "rb") as f:
            data = f.read(BIGGEST + 1)
    except OSError as e:
        raise SourceError(f"{path}: {e.strerror or e}") from None
    if len(data) > BIGGEST:
        raise SourceError(f"{path}: too big to be a raft.c (more than {BIGGEST >> 10} KiB)")
    return decode(data)


def decode(data):
    """Bytes as text; those that are no UTF-8 come through unchanged (see encode). Some
    programs of Windows write UTF-16, even into a file that was none; its mark says so."""
    if data[:2] in UTF_16:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8", "surrogateescape")


def encode(text):
    return text.encode("utf-8", "surrogateescape")


@dataclass
class Problem:
    """What is wrong with the markers of a step (id None: of no step)."""

    id: str
    line: int  # 0: nowhere in particular
    rule: str  # the text's key in words.py
    names: dict = field(default_factory=dict)

    def say(self, lang):
        return words.say(lang, self.rule, **self.names)

    @property
    def text(self):
        return self.say("en")


@dataclass
class Marker:
    """One of the comments that begin or end a blank."""

    name: str  # "Election Step1"
    ends: bool
    stub: str
    start: int
    stop: int
    line: int  # where it begins
    last: int  # where it ends
    id: str = ""


@dataclass
class Blank:
    """A blank and what stands in it. Lines are those of the file."""

    id: str
    name: str  # "Election Step1"
    text: str  # all between the two comments
    stub: str
    begins: int  # line of the opening comment
    first: int  # first and last line of what is written in the blank
    last: int
    ends: int  # line of the closing comment
    start: int  # where in the file's text `text` begins
    indent: str  # that of the closing comment
    function: str = ""
    function_first: int = 0
    function_last: int = 0
    unclosed: int = 0  # line of a comment in it that is not closed

    @property
    def body(self):
        """The text, in whole lines, the first of which is line `first` of the file."""
        lines = self.text.split("\n")
        if not lines[0].strip():
            lines = lines[1:]
        if lines and not lines[-1].strip():
            lines = lines[:-1]
        return "".join(line + "\n" for line in lines)

    @property
    def filled(self):
        """Whether there is more in it than comments, white space and the stub."""
        written, stub = ctokens.code(ctokens.without_disabled(self.text)), ctokens.code(self.stub)
        for at in range(len(written) - len(stub) + 1) if stub else ():
            if written[at:at + len(stub)] == stub:
                del written[at:at + len(stub)]
                break
        return any(word not in "{};" for word in written)

    def covers(self, line):
        return self.begins <= line <= self.ends

    def same_as(self, text):
        """Whether the compiler sees the same in it as in another text."""
        return ctokens.code(self.text) == ctokens.code(text)


class Source:
    """A raft.c: blanks by id, in the order of the file, and what is wrong with the markers.
    `pristine` is the Source that was handed out, if markers are to be in its places."""

    def __init__(self, text, table=None, pristine=None):
        text = text[1:] if text.startswith("\ufeff") else text
        self.eol = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
        self.text = text.replace(self.eol, "\n")
        self.table = read_steps() if table is None else table
        self.problems = []
        self.blanks = {}
        self._ids = {s.marker: s.id for s in self.table}
        self._lines = [0] + [m.end() for m in re.finditer("\n", self.text)]
        self._inside = []  # (line, start) of comments that swallow a marker
        self._code = []  # the tokens of the whole file, without comments and white space
        self._find_blanks(self._find_markers())
        self._find_functions()
        if pristine:
            self._compare_places(pristine)
        self.problems.sort(key=lambda p: p.line or len(self._lines) + 1)

    def line_of(self, offset):
        return bisect_right(self._lines, offset)

    # --- markers ------------------------------------------------------------------------

    def _find_markers(self):
        markers, at = [], 0
        while at is not None:
            at = self._scan(at, markers)
        return markers

    def _scan(self, start, markers):
        """Adds the markers from start on. A comment that was left open ends, for the compiler,
        with the next marker's end: returns where that marker begins, to go on from there."""
        for token in ctokens.tokens(self.text, start):
            if token.kind not in ("comment", "unclosed"):
                if token.kind not in ("space", "newline"):
                    self._code.append(token)
                continue
            # A comment of one line goes on in the next by a backslash; the marker there is one all the same.
            begins = self.text.find("\n", token.start, token.end) if token.text.startswith("//") else token.start + 2
            inner = INNER.search(self.text, begins, token.end) if begins >= 0 else None
            if inner:
                if not token.text.startswith("//"):
                    self._inside.append((self.line_of(token.start), inner.start()))
                return inner.start()
            found = MARKER.fullmatch(self.text, token.start, token.end)
            if found:
                name = " ".join(found[1].split())
                markers.append(Marker(name, found[2] == "end", (found[3] or "").strip(), found.start(), found.end(),
                                      self.line_of(found.start()), self.line_of(found.end() - 1),
                                      self._ids.get(name, "")))
        return None

    def _problem(self, id_, line, rule, /, **names):
        self.problems.append(Problem(id_, line, rule, names))

    def _find_blanks(self, markers):
        for m in markers:
            if not m.id:
                self._problem(None, m.line, "marker-unknown", name=m.name)
        pairs = []
        for step in self.table:
            mine = [m for m in markers if m.id == step.id]
            begins, ends = [m for m in mine if not m.ends], [m for m in mine if m.ends]
            if self._is_pair(step, begins, ends):
                pairs.append((begins[0], ends[0]))
        for begin, end in sorted(pairs, key=lambda p: p[0].start):
            inner = [(b, e) for b, e in pairs if begin.start < b.start < end.start]
            crossing = [(b, e) for b, e in pairs if b.start < begin.start < e.start < end.start]
            if inner:
                self._problem(begin.id, end.line, "marker-around", name=begin.name, other=inner[0][0].name,
                              line=inner[0][0].line)
            elif crossing:
                self._problem(begin.id, begin.line, "marker-crossed", name=begin.name, other=crossing[0][0].name,
                              line=crossing[0][1].line)
            else:
                self._add_blank(begin, end)

    def _is_pair(self, step, begins, ends):
        name = step.marker
        if not begins and not ends:
            self._problem(step.id, 0, "markers-missing", name=name)
        elif len(begins) > 1:
            self._problem(step.id, begins[1].line, "marker-twice", name=name, line=begins[0].line)
        elif len(ends) > 1:
            self._problem(step.id, ends[1].line, "marker-end-twice", name=name, line=ends[0].line)
        elif not ends:
            self._problem(step.id, begins[0].line, "marker-end-missing", name=name)
        elif not begins or ends[0].start < begins[0].start:
            self._problem(step.id, ends[0].line, "marker-begin-missing", name=name)
        else:
            return True
        return False

    def _add_blank(self, begin, end):
        text = self.text[begin.stop:end.start]
        line_start = self._lines[end.line - 1]
        indent = re.match(r"[ \t]*", self.text[line_start:end.start]).group()
        first = begin.last if text.split("\n", 1)[0].strip() or begin.last == end.line else begin.last + 1
        last = end.line if self.text[max(line_start, begin.stop):end.start].strip() else end.line - 1
        blank = Blank(begin.id, begin.name, text, end.stub, begin.line, first, last, end.line, begin.stop, indent)
        blank.unclosed = next((line for line, at in self._inside if at == end.start), 0)
        self.blanks[begin.id] = blank

    # --- functions ----------------------------------------------------------------------

    def _find_functions(self):
        """Where each blank is. The braces in blanks do not count: they may not match."""
        spans = [(b.start, b.start + len(b.text)) for b in self.blanks.values()]
        depth, name, candidate, first, functions, before = 0, "", "", 0, [], ""
        for t in self._code:
            if any(a <= t.start < z for a, z in spans):
                continue
            if depth == 0 and t.text == "(" and before.isidentifier() and not candidate:
                candidate, first = before, self.line_of(t.start)
            elif depth == 0 and t.text in (";", "=", "}"):
                candidate = ""
            elif t.text == "{":
                depth += 1
                name = candidate if depth == 1 else name
            elif t.text == "}" and depth:
                depth -= 1
                if depth == 0:
                    functions.append((first, self.line_of(t.start), name))
                    candidate = ""
            before = t.text
        for blank in self.blanks.values():
            for first, last, name in functions:
                if first <= blank.begins and blank.ends <= last:
                    blank.function, blank.function_first, blank.function_last = name, first, last

    def _function_by_margin(self, line):
        """The function that a line is in, by the look of the text: for files whose braces do not match."""
        for text in reversed(self.text.split("\n")[:line]):
            if AT_MARGIN.match(text) or re.match(r"^[a-z].*\($", text):
                return text.split("(")[0].split()[-1].lstrip("*")
        return ""

    # --- places -------------------------------------------------------------------------

    def _compare_places(self, pristine):
        """Complains of markers that were moved: to another function, or over given code."""
        theirs = pristine.outside_code()
        mine = self.outside_code()
        for blank in list(self.blanks.values()):
            there = pristine.blanks.get(blank.id)
            if there is None:
                continue
            if there.function and there.function not in (blank.function, self._function_by_margin(blank.begins)):
                self._problem(blank.id, blank.begins, "marker-moved", name=blank.name, function=there.function)
                del self.blanks[blank.id]
                continue
            written = ctokens.code(blank.text)
            if (_swallowed(written, mine[blank.id][1], theirs[blank.id][1]) or
                    _swallowed(written[::-1], mine[blank.id][0][::-1], theirs[blank.id][0][::-1])):
                self._problem(blank.id, blank.ends, "marker-over-given", name=blank.name)
                del self.blanks[blank.id]

    def outside_code(self):
        """By id: the code before and behind each blank, as far as the neighbouring blanks."""
        between = self._between()
        return {id_: (between[i], between[i + 1]) for i, id_ in enumerate(self.blanks)}

    def code_outside(self):
        """All of the code outside the blanks."""
        return [word for before in self._between() for word in before]

    def _between(self):
        """The code before, between and behind the blanks."""
        starts = [t.start for t in self._code]
        cuts = [(bisect_left(starts, b.start), bisect_left(starts, b.start + len(b.text)))
                for b in self.blanks.values()]
        ends, begins = [0] + [z for _, z in cuts], [a for a, _ in cuts] + [len(starts)]
        return [[t.text for t in self._code[a:z]] for a, z in zip(ends, begins)]

    def outside(self):
        """What stands outside the blanks: [(number, text)] line by line."""
        lines = []
        at = 0
        for b in list(self.blanks.values()) + [None]:
            stop = b.start if b else len(self.text)
            number = self.line_of(at)
            lines += list(enumerate(self.text[at:stop].split("\n"), number))
            at = b.start + len(b.text) if b else stop
        return [(number, text) for number, text in lines if text.strip()]

    # --- other texts in the blanks --------------------------------------------------------

    def graft(self, texts):
        """The file with other texts in some blanks, {id: text}; text "" leaves the stub."""
        out, at = [], 0
        for b in self.blanks.values():
            if b.id in texts:
                body = texts[b.id].replace("\r\n", "\n").strip("\n") or (b.indent + b.stub if b.stub else "")
                out += [self.text[at:b.start], "\n", body, "\n", b.indent]
                at = b.start + len(b.text)
        text = "".join(out) + self.text[at:]
        return text if self.eol == "\n" else text.replace("\n", self.eol)

    def emptied(self):
        """The file with all blanks empty but for their stubs, and a line to write on."""
        return self.graft({id_: "" for id_ in self.blanks})


def _swallowed(written, mine, theirs):
    """Whether a blank's code ends with given code that should stand behind it: what is
    missing there is at the end of the blank."""
    for n in range(1, min(len(written), len(theirs)) + 1):
        rest = theirs[n:n + 20]
        if written[-n:] == theirs[:n] and rest and mine[:len(rest)] == rest and mine[:n] != theirs[:n]:
            return True
    return False
