# SPDX-License-Identifier: Apache-2.0
"""The formats of --grade. Each is a class of a report: begin(), add(verdict) for each
file in the order of the arguments, as soon as it is judged, and end()."""

from lab.grader.format_csv import CsvReport
from lab.grader.format_gradescope import GradescopeReport
from lab.grader.format_json import JsonReport
from lab.grader.format_junit import JunitReport
from lab.grader.format_text import TextReport

FORMATS = {
    "text": TextReport,
    "json": JsonReport,
    "csv": CsvReport,
    "junit": JunitReport,
    "gradescope": GradescopeReport,
}
