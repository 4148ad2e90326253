# SPDX-License-Identifier: Apache-2.0
"""From a line of the runner's report to words for the student."""

import re

from lab.grader import words
from lab.grader.verdict import Failure

RAFT_C = "raft/raft.c:"
# How the record tells what a node did in an event that came to its end (lab/labkit/departure.c).
RECORDED = re.compile("node |节点|it does|发生了")


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
    failure = Failure(
        test=result.name, result=result.result, place=place_of(result, source), expectation=_in_test(result),
        about=result.note("about"), event=result.note("departs"), reference=result.note("reference"),
        yours=result.note("yours"), think=result.note("think"))
    if result.result in ("fail", "reference"):
        failure.expected, failure.seen = _explicit(result.message)
        return failure
    failure.seen = _end(result, lang)
    if failure.place:
        failure.seen += words.say(lang, "at-place", place=failure.place)
    if failure.event and not RECORDED.match(failure.yours):
        # Cut off in the event that tells the two apart: what the reference does there is what was expected.
        failure.expected, failure.reference, failure.yours = failure.reference, "", ""
    failure.expected = failure.expected or words.say(lang, "expect-end")
    return failure


def _in_test(result):
    """Where in the test: the expectation, or the call that did not come back."""
    if result.result == "fail" and result.place:
        return result.place
    return next((p for p in reversed(result.backtrace) if "_test.c:" in p), "")


def _explicit(message):
    """(expected, seen) of a failed expectation."""
    found = re.match(r"(?:fail: )?expected: (.*?)\nseen: (.*)", message, re.S)
    return found.groups() if found else ("", message)


def _end(result, lang):
    """How the test ended by force."""
    if result.result == "timeout":
        return words.say(lang, "seen-printing" if result.message.startswith("printed") else "seen-loop")
    what = _crash(result, lang) if result.result == "crash" else result.message
    key = "seen-" + result.result
    return words.say(lang, key, what=what) if key in words.WORDS else what


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
