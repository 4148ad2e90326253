# SPDX-License-Identifier: Apache-2.0
"""The formats of --grade. Each is a class of a report: begin(), add(verdict) for each
file in the order of the arguments, as soon as it is judged, and end()."""

from lab.grader.teacher.format_csv import CsvReport
from lab.grader.teacher.format_gradescope import GradescopeReport
from lab.grader.teacher.format_json import JsonReport
from lab.grader.teacher.format_junit import JunitReport
from lab.grader.teacher.format_text import TextReport

FORMATS = {
    "text": TextReport,
    "json": JsonReport,
    "csv": CsvReport,
    "junit": JunitReport,
    "gradescope": GradescopeReport,
}
