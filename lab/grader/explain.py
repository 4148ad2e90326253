# SPDX-License-Identifier: Apache-2.0
"""A step that did not pass, in words: the same for a student at the terminal, with --watch,
and in the reports of --grade."""

from lab.grader.layout import table, visible, wrap
from lab.grader.words import read_on, say


def step_lines(step, found, lang, sanitized=False):
    """All that there is to say about a step. step: its line in the table; found: what became
    of it (a StepVerdict)."""
    failure = _failure(found)
    if not failure:
        return _reason(found, lang)
    pairs = [("test", _test(failure, found, lang)), ("about", failure.about), ("expected", failure.expected),
             ("seen", failure.seen), ("event", failure.event), ("reference", failure.reference),
             ("yours", failure.yours), ("proof", found.proof), ("think", failure.think),
             ("read-on", _where_to_read(step, lang)), ("try", _commands(step, failure, lang, sanitized))]
    return _table(pairs, lang)


def short_lines(step, found, lang):
    """What is wrong, and how to see all that there is to say."""
    failure = _failure(found)
    if not failure:
        return _reason(found, lang)[:4]
    return _table([("expected", failure.expected), ("seen", failure.seen), ("more", f"./raftLab_test.sh {step.id}")],
                  lang)


def outside_lines(failure, lang):
    """The student's given code, or the lab itself, is not what it was."""
    if failure.result == "compile-error":
        return [say(lang, "outside-compile")] + ["    " + visible(line) for line in failure.seen.split("\n")]
    pairs = [(name, getattr(failure, name)) for name in ("test", "about", "expected", "seen")]
    return [say(lang, "outside-fails")] + ["    " + line for line in _table(pairs, lang)]


def _failure(found):
    """The most telling failure; None of a step that no test was run with to its end."""
    return next((failure for failure in found.failures if failure.test), None)


def _table(pairs, lang):
    return table([(say(lang, "label-" + name), text) for name, text in pairs if text])


def _reason(found, lang):
    """Why a step was not judged by tests."""
    reason = found.reason or "\n".join(failure.seen for failure in found.failures)
    lines = visible(found.diagnostics).strip("\n").split("\n") if found.diagnostics else []
    # The compiler's first line says it all again.
    if not lines or reason.split(": ")[-1] not in lines[0]:
        lines = wrap(reason or say(lang, found.status)) + lines
    return lines


def _test(failure, found, lang):
    place = failure.expectation or failure.place
    text = f"{failure.test}, {place}" if place else failure.test
    failed = len(found.failures)
    return text + say(lang, "test-count", failed=failed) if failed > 1 else text


def _where_to_read(step, lang):
    return say(lang, "where-to-read", guide=say(lang, "guide"), marker=step.marker,
               paper=read_on(lang, step.read_on))


def _commands(step, failure, lang, sanitized):
    names = ["hint", "gdb"] + (["sanitize"] if failure.result in ("crash", "memory") and not sanitized else [])
    return "\n".join(f"./raftLab_test.sh {name + ' ' + step.id:12} ({say(lang, 'try-' + name)})" for name in names)
