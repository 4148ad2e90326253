# SPDX-License-Identifier: Apache-2.0
"""The command line of ./raftLab_test.sh."""

from dataclasses import dataclass, field

from lab.grader import words

COMMANDS = {"hint": "hint", "--hint": "hint", "watch": "watch", "--watch": "watch", "grade": "grade",
            "--grade": "grade", "gdb": "gdb", "sanitize": "sanitize"}
OF_THEIR_OWN = ("hint", "grade")  # commands that read their arguments themselves


class UsageError(Exception):
    """The text, in the user's language, says what is wrong."""


@dataclass
class Options:
    command: str = "test"  # test, sanitize, gdb, hint, watch, grade
    lang: str = "en"
    help: bool = False
    ids: list = field(default_factory=list)  # steps asked for, in the order of the table; none: all
    rest: list = field(default_factory=list)  # arguments of hint and grade


def parse(argv, table, environ=None):
    """Options of the arguments. UsageError if they make no sense."""
    options = Options(lang=words.choose_language(environ=environ))
    names = []
    argv = list(argv)
    while argv:
        arg = argv.pop(0)
        if arg == "--lang" or arg.startswith("--lang="):
            options.lang = _language(arg, argv, options.lang)
        elif options.command in OF_THEIR_OWN:
            options.rest.append(arg)
        elif arg in ("-h", "--help", "help"):
            options.help = True
        elif arg in COMMANDS and options.command == "test" and not names:
            options.command = COMMANDS[arg]
        elif arg.startswith("-"):
            raise UsageError(words.say(options.lang, "no-option", option=arg))
        else:
            names.append(arg)
    options.ids = _ids(names, table, options.lang)
    if options.command == "gdb" and len(options.ids) != 1 and not options.help:
        raise UsageError(words.say(options.lang, "gdb-which"))
    return options


def _language(arg, argv, lang):
    value = arg[7:] if arg.startswith("--lang=") else argv.pop(0) if argv else ""
    if value not in ("en", "zh"):
        raise UsageError(words.say(lang, "no-language", value=value or "?"))
    return value


def _ids(names, table, lang):
    ids = set()
    for name in names:
        found = [s.id for s in table if name.lower() in ("all", s.part) or s.is_called(name)]
        if not found:
            raise no_step(name, table, lang)
        ids.update(found)
    return [s.id for s in table if s.id in ids]


def no_step(name, table, lang):
    return UsageError(words.say(lang, "no-step", name=name, steps=" ".join(s.id for s in table)))


def usage(table, lang):
    """What -h says."""
    parts = {}
    for step in table:
        parts.setdefault(step.part, []).append(step.id)
    first = table[0].id if table else "e1"
    lines = [words.say(lang, "usage-part", part=f"{part:12}", steps=" ".join(ids)) for part, ids in parts.items()]
    return words.say(lang, "usage", parts="\n".join(lines), step=first, names=" | ".join(parts),
                     count=words.number(lang, len(table)))
