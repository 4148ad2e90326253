# SPDX-License-Identifier: Apache-2.0
"""From a line of the runner's report to words for the student."""

import re

from lab.grader import words
from lab.grader.verdict import Failure

RAFT_C = "raft/raft.c:"


def rank(result, id_, sanitized=False):
    """The most telling failure comes first: of the step's own tests one that says what it
    expected, rather than one that only saw the run depart from the reference, rather than
    one that crashed because of that. Whoever asked for sanitizers wants to see these."""
    own = result.name.startswith(id_ + "_")
    explicit = result.result == "fail" and result.message.startswith("expected: ")
    crash = sanitized and result.result == "crash"
    return (not own, not crash, 0 if explicit else 1 if result.result == "fail" else 2)


def most_telling(results, id_, sanitized=False):
    return sorted(results, key=lambda r: rank(r, id_, sanitized))  # stable: the earlier test first


def place_of(result, source):
    """Where in raft/raft.c the test ended: if possible in a blank."""
    if result.result == "fail":
        return ""
    places = [p for p in (result.place, *result.backtrace) if p.startswith(RAFT_C)]
    lines = [(p, int(p[len(RAFT_C):])) for p in places if p[len(RAFT_C):].isdigit()]
    inside = [p for p, line in lines if any(b.covers(line) for b in source.blanks.values())]
    return (inside or places or [""])[0]


def make_failure(result, source, lang):
    """A Failure of a result that did not pass."""
    place = place_of(result, source)
    expected, seen = _expected(result, place, lang)
    return Failure(
        test=result.name, result=result.result, place=place, expectation=_in_test(result),
        about=result.note("about"), expected=expected, seen=seen, event=result.note("departs"),
        reference=result.note("reference"), yours=result.note("yours"), think=result.note("think"))


def _in_test(result):
    """Where in the test: the expectation, or the call that did not come back."""
    if result.result == "fail" and result.place:
        return result.place
    return next((p for p in reversed(result.backtrace) if "_test.c:" in p), "")


def _expected(result, place, lang):
    """(expected, seen) in words."""
    at = words.say(lang, "at-place", place=place) if place else ""
    if result.result in ("fail", "reference"):
        found = re.match(r"(?:fail: )?expected: (.*?)\nseen: (.*)", result.message, re.S)
        return found.groups() if found else ("", result.message)
    if result.result == "timeout":
        printed = result.message.startswith("printed")
        key = "seen-printing" if printed else "seen-loop"
        return words.say(lang, "expect-end"), words.say(lang, key) + at
    if result.result == "panic":
        return words.say(lang, "expect-invariant"), f"raft_panicf: {result.message}{at}"
    if result.result == "crash":
        return words.say(lang, "expect-end"), words.say(lang, "seen-crash", what=_crash(result, lang)) + at
    key = "seen-" + result.result
    seen = words.say(lang, key, what=result.message) if key in words.WORDS else result.message
    return words.say(lang, "expect-end"), seen + at


def _crash(result, lang):
    """Why it crashed, in a line: what a sanitizer printed, or a full stack, or the signal."""
    found = re.search(r"AddressSanitizer: (.*?)(?: on (?:unknown )?address .*)?$", result.printed, re.M)
    if found:
        return "AddressSanitizer: " + found[1]
    found = re.search(r": runtime error: (.*)", result.printed)
    if found:
        return found[1]
    counts = [result.backtrace.count(p) for p in set(result.backtrace)]
    if max(counts, default=0) > 5:
        return words.say(lang, "stack-full")
    return result.message
