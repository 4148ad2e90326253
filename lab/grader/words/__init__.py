# SPDX-License-Identifier: Apache-2.0
"""All that the grader says to people, in English and Chinese side by side."""

import os
import re

from lab.grader.words import judging, student, teacher

WORDS = judging.WORDS | student.WORDS | teacher.WORDS


def read_on(lang, text):
    """"Raft paper, section 5.2 and figure 4" in the language."""
    if lang != "zh":
        return text
    match = re.fullmatch(r"Raft paper, sections? (.*?)(?: and figure (\d+)(.*))?", text)
    if not match:
        return text
    sections = match[1].replace(" and ", "、")
    figure = f"和图 {match[2]}{match[3]}" if match[2] else ""
    return re.sub(r" \((.*)\)$", r"（\1）", f"Raft 论文 {sections} 节{figure}")


def say(lang, key, **names):
    """The text of that key in a language ("en" or "zh"), its {names} filled in."""
    return WORDS[key][1 if lang == "zh" else 0].format(**names)


NUMBERS = (("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
           ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"))


def number(lang, n):
    """A count in words, as far as one writes it so."""
    words = NUMBERS[lang == "zh"]
    return words[n] if n < len(words) else (f" {n} " if lang == "zh" else str(n))


def join(lang, names):
    """"A, B and C"."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    comma, last = ("、", "和 ") if lang == "zh" else (", ", " and ")
    return comma.join(names[:-1]) + last + names[-1]


def choose_language(wanted=None, environ=None):
    """"zh" or "en": what was asked for, else what the locale says."""
    environ = os.environ if environ is None else environ
    for value in (wanted, environ.get("LC_ALL"), environ.get("LC_MESSAGES"), environ.get("LANG")):
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
