# SPDX-License-Identifier: Apache-2.0
"""A verdict in words, for reports without colour: a line for the teacher, and the
lines that a student reads."""

from lab.grader import verdict as v
from lab.grader.more_words import one_line, pad, say, visible, width

LONGEST = 500  # characters of a message in a line

ENDS = ("timeout", "crash", "panic", "exit", "forbidden", "memory")  # those with words of their own
FIELDS = ("about", "expected", "seen", "event", "reference", "yours", "place", "think")


def names(verdict, ids):
    return [step.name for step in verdict.table if step.id in ids]


def blame(verdict):
    """The names of the steps at fault, in the order of the table."""
    return names(verdict, {s.id for s in verdict.blamed})


def how_it_ended(failure, lang):
    return say(lang, "ends " + (failure.result if failure.result in ENDS else "fail"))


def failure_line(failure, lang):
    """What went wrong in one test, in a line."""
    seen = one_line(failure.seen) or how_it_ended(failure, lang)
    if failure.expected:
        seen = (f"{say(lang, 'expected')}: {one_line(failure.expected)}; {say(lang, 'seen')}: {seen}")
    return f"{seen} ({failure.test})" if failure.test else seen


def first_diagnostic(diagnostics):
    """The first error that the compiler tells."""
    lines = [line for line in diagnostics.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line]
    return one_line((errors or lines or [""])[0])


def step_line(step, lang):
    """Why a step did not pass, in a line."""
    if step.reason:
        return one_line(step.reason)
    if step.diagnostics:
        return first_diagnostic(step.diagnostics)
    if step.failures:
        return failure_line(step.failures[0], lang)
    return say(lang, step.status)


def message(verdict, lang):
    """The line for the teacher; "" if all is well."""
    by_name = {step.name: verdict.steps[step.id] for step in verdict.table}
    at_fault = [n for n in by_name if by_name[n].status not in (v.PASSED, v.EMPTY)]
    empty = [n for n in by_name if by_name[n].status == v.EMPTY]
    told = {}  # a fault of the whole file is told once
    for name in at_fault:
        told.setdefault(step_line(by_name[name], lang), []).append(name)
    parts = [f"{' '.join(who)}: {why}" for why, who in told.items()]
    if empty:
        parts.append(say(lang, "all empty", steps=" ".join(empty)))
    if not at_fault and verdict.outside_failure:
        parts.append(failure_line(verdict.outside_failure, lang))
    text = " | ".join(parts)
    return text if len(text) <= LONGEST else text[:LONGEST - 3] + "..."


def fields(failure, lang):
    """What is known about a failed test, as pairs of a name and a text."""
    if failure.test:
        yield say(lang, "test"), failure.test
    for name in FIELDS:
        text = getattr(failure, name)
        if name == "seen" and not text:
            text = how_it_ended(failure, lang)
        if text:
            yield say(lang, name), text


def layout(pairs, indent=""):
    """Pairs as a table of two columns."""
    pairs = [(name, visible(text).splitlines() or [""]) for name, text in pairs]
    column = max((width(name) for name, _ in pairs), default=0) + 2
    lines = []
    for name, texts in pairs:
        for text in texts:
            lines.append(indent + pad(name, column) + text)
            name = ""
    return lines


def step_lines(verdict, step, lang):
    """All that there is to say to a student about a step that did not pass."""
    known = step.reason.split(": ", 1)[-1] in step.diagnostics  # the compiler says it, too
    lines = visible(step.diagnostics if known else f"{step.reason}\n{step.diagnostics}").strip("\n").splitlines()
    if step.failures:
        pairs = list(fields(step.failures[0], lang))
        if step.proof:
            pairs.append((say(lang, "proof"), step.proof))
        lines += layout(pairs)
        if len(step.failures) > 1:
            lines.append(say(lang, "more tests", count=len(step.failures) - 1, tests=step.tests))
    if step.together:
        lines.append(say(lang, "together", steps=" ".join(names(verdict, step.together))))
    return lines or [say(lang, step.status)]
