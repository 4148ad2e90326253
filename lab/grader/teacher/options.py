# SPDX-License-Identifier: Apache-2.0
"""The command line behind --grade."""

import os
from dataclasses import dataclass, field

from lab.grader.options import UsageError
from lab.grader.teacher.formats import FORMATS
from lab.grader.words import say

MOST_JOBS = 256
MOST_SECONDS = 3600


@dataclass
class Options:
    files: list = field(default_factory=list)
    format: str = "text"
    output: str = ""
    jobs: int = 1
    timeout: float = 60.0
    help: bool = False

    @property
    def folder(self):
        """Where each file gets a report of its own, if it does."""
        if self.format == "gradescope" and self.output and (self.output.endswith("/") or os.path.isdir(self.output)):
            return self.output
        return ""


def _number(kind, value, least, most, word, option, lang):
    try:
        number = kind(value)
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise UsageError(say(lang, "bad-value", option=option, value=value, allowed=say(lang, word, most=most)))
    return number


def _set(options, name, value, lang):
    if name == "--format":
        if value not in FORMATS:
            raise UsageError(say(lang, "bad-value", option=name, value=value, allowed=", ".join(FORMATS)))
        options.format = value
    elif name == "--output":
        options.output = value
    elif name == "-j":
        options.jobs = _number(int, value, 1, MOST_JOBS, "whole-number", name, lang)
    else:
        options.timeout = _number(float, value, 0.01, MOST_SECONDS, "seconds-to", name, lang)


LONG = {"-o": "--output", "-f": "--format", "--jobs": "-j"}
VALUED = ("--format", "--output", "--timeout", "-j")


def parse(argv, lang):
    """Options, of arguments in any order; what follows -- is files. argparse does not speak
    Chinese, and takes file names for options."""
    options = Options(jobs=len(os.sched_getaffinity(0)))
    rest = list(argv)
    while rest:
        argument = rest.pop(0)
        name, equals, value = argument.partition("=")
        if argument.startswith("-j") and argument != "-j":
            name, equals, value = "-j", "=", argument[2:].lstrip("=")
        name = LONG.get(name, name)
        if argument == "--":
            options.files += rest
            break
        if not argument.startswith("-") or argument == "-":
            options.files.append(argument)
        elif argument in ("-h", "--help"):
            options.help = True
            return options
        elif argument == "--json":
            options.format = "json"
        elif name not in VALUED:
            raise UsageError(say(lang, "bad-option", option=argument))
        elif not equals and not rest:
            raise UsageError(say(lang, "needs-value", option=name))
        else:
            _set(options, name, value if equals else rest.pop(0), lang)
    if not options.files:
        raise UsageError(say(lang, "no-files"))
    return options
