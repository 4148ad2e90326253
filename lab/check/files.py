# SPDX-License-Identifier: Apache-2.0
"""What becomes of a file on its way: other line ends and indentation do no harm, markers that
are lost or moved are told with their place, and what stands outside the blanks does not count."""

import re

from lab.check.cases import Case


def marker(course, id_, end=False):
    """The comment that begins or ends a blank, with its line end."""
    name = course.marker(id_)
    pattern = rf"[ \t]*/\* RaftLab {name} end.*?\*/\n" if end else rf"[ \t]*/\* RaftLab {name}:.*?\*/\n"
    return re.search(pattern, course.text, re.S)[0]


def without(*which):
    """The file without these markers, (id, whether it is the end)."""
    def text(course):
        out = course.text
        for id_, end in which:
            out = out.replace(marker(course, id_, end), "")
        return out
    return text


def swapped(first, second):
    """The file in which two texts, functions of the course, have changed places."""
    def text(course):
        a, b = first(course), second(course)
        return course.text.replace(a, "\0").replace(b, a).replace("\0", b)
    return text


def end_below(id_, given):
    """The file with an end marker moved below the line of given code that matches."""
    def text(course):
        end = marker(course, id_, True)
        return re.sub(rf"(?ms){re.escape(end)}(.*?^[^\n]*{given}[^\n]*\n)", lambda m: m[1] + end, course.text, count=1)
    return text


def moved_to(id_, function):
    """The file with all of a blank in another function, behind its opening brace."""
    def text(course):
        blank = re.search(re.escape(marker(course, id_)) + ".*?" + re.escape(marker(course, id_, True)), course.text,
                          re.S)[0]
        return re.sub(rf"(?m)^(\w[^\n]*\b{function}\([^;]*?\)\n\{{\n)", lambda m: m[1] + blank,
                      course.text.replace(blank, ""), count=1)
    return text


def edited(pattern, replacement):
    """The file as sed makes it."""
    return lambda course: re.sub(pattern, replacement, course.text, flags=re.M)


HARMLESS = [
    Case("Windows line ends", content=lambda c: c.text.replace("\n", "\r\n")),
    Case("a byte order mark", content=lambda c: "\ufeff" + c.text),
    Case("spaces for tabs", content=lambda c: c.text.expandtabs(4)),
    Case("no indentation at all", content=edited(r"^[ \t]+", "")),
    Case("another indentation", content=edited(r"^\t+", lambda m: "   " * len(m[0]))),
    Case("blanks at the ends of lines", content=edited(r"[ \t]*$", " ")),
    Case("no newline at the end", content=lambda c: c.text.rstrip("\n")),
    Case("bytes that are no UTF-8, in a comment", content=lambda c: c.text.replace(
        marker(c, c.ids[0]), marker(c, c.ids[0]) + "/* \xb5 */\n").encode("latin-1", "replace")),
]
for harmless in HARMLESS:
    harmless.never = ("outside",)
    harmless.run = harmless in HARMLESS[:3]


def markers(course):
    """Markers that are not as they were. The other steps are judged as ever."""
    def place(id_, end=False):
        return course.text[:course.text.index(marker(course, id_, end))].count("\n") + 1

    def lost(what, id_, content, *says, **more):
        return Case(f"{what} ({id_})", content=content, tampered=(id_,), says=says, **more)

    if not {"e1", "e2", "e5", "r1", "r2"} <= set(course.ids):
        return []
    return [
        lost("an end marker deleted", "e5", without(("e5", True)),
             rf"raft/raft\.c:{place('e5')}: the end of Election Step5 is missing"),
        lost("a begin marker deleted", "e5", without(("e5", False)), r"raft/raft\.c:\d+: Election Step5 ends here"),
        lost("both markers deleted", "r1", without(("r1", False), ("r1", True)), "the comments of Replication Step1"),
        lost("a marker doubled", "r1", lambda c: c.text.replace(marker(c, "r1"), marker(c, "r1") * 2),
             r"raft/raft\.c:\d+: Replication Step1 begins a second time"),
        Case("a marker renamed to that of another", content=lambda c: c.text.replace(
            "RaftLab Replication Step2:", "RaftLab Replication Step1:"), tampered=("r1", "r2"),
            says=(rf"raft/raft\.c:{place('r2')}: Replication Step1 begins a second time",)),
        Case("markers crossed", content=swapped(lambda c: marker(c, "e1", True), lambda c: marker(c, "e2")),
             tampered=("e1", "e2"), says=(r"raft/raft\.c:\d+: ",)),
        lost("a blank moved to another function", "e1", moved_to("e1", "raft_tick_heartbeat"),
             r"raft/raft\.c:\d+: .*raft_tick_election"),
        lost("an end marker below given code", "r2", end_below("r2", "return RAFT_OK;"), r"raft/raft\.c:\d+: .*given"),
        lost("an end marker in the next function", "r2", end_below("r2", r"^}"), r"raft/raft\.c:\d+: "),
    ]


def outside(course):
    """Text that was added outside the blanks: told, with its line."""
    def added(text):
        return course.text.replace("bool raft_append_entry", text + "\nbool raft_append_entry", 1)

    line = added("int mine;").split("\n").index("int mine;") + 1
    for text in ("/* mine */", "int mine;"):
        yield Case(f"\"{text}\" added outside the blanks", content=lambda c, text=text: added(text),
                   says=(rf"outside.*raft/raft\.c:{line}\b|raft/raft\.c:{line}\b.*outside",))


def no_file(course):
    """What is no raft.c."""
    everything = tuple(course.ids)
    yield Case("an empty file", content=lambda c: "", tampered=everything)
    yield Case("a binary file", content=lambda c: bytes(range(256)) * 64, tampered=everything)
