# SPDX-License-Identifier: Apache-2.0
"""A verdict in a line, for the teacher."""

from lab.grader import verdict as v
from lab.grader.layout import one_line
from lab.grader.words import say

LONGEST = 500  # characters


def blame(verdict):
    """The names of the steps at fault, in the order of the table."""
    ids = {s.id for s in verdict.blamed}
    return [step.name for step in verdict.table if step.id in ids]


def message(verdict, lang):
    """What is wrong with each step; "" if all is well."""
    told = {}  # a fault of the whole file is told once
    empty = []
    for step in verdict.table:
        found = verdict.steps[step.id]
        if found.status == v.EMPTY:
            empty.append(step.name)
        elif found.status != v.PASSED:
            told.setdefault(step_line(found, lang), []).append(step.name)
    parts = [f"{' '.join(who)}: {why}" for why, who in told.items()]
    if empty:
        parts.append(say(lang, "all-empty", steps=" ".join(empty)))
    if not told and verdict.outside_failure:
        parts.append(failure_line(verdict.outside_failure, lang))
    text = " | ".join(parts)
    return text if len(text) <= LONGEST else text[:LONGEST - 3] + "..."


def step_line(found, lang):
    """Why a step did not pass."""
    if found.reason:
        return one_line(found.reason)
    if found.diagnostics:
        return _first_error(found.diagnostics)
    if found.failures:
        return failure_line(found.failures[0], lang)
    return say(lang, found.status)


def failure_line(failure, lang):
    """What went wrong in one test."""
    text = one_line(failure.seen) or say(lang, v.FAILED)
    if failure.expected and failure.result == "fail":  # else how it ended says enough
        text = f"{say(lang, 'label-expected')}: {one_line(failure.expected)}; {say(lang, 'label-seen')}: {text}"
    return f"{text} ({failure.test})" if failure.test else text


def _first_error(diagnostics):
    """The first error that the compiler tells."""
    lines = [line for line in diagnostics.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line]
    return one_line((errors or lines or [""])[0])
