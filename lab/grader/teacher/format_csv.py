# SPDX-License-Identifier: Apache-2.0
"""--format csv: for a spreadsheet or a gradebook."""

import csv

from lab.grader.teacher.message import blame, message
from lab.grader.teacher.report import Report


class CsvReport(Report):
    def row(self, *cells):
        csv.writer(self, lineterminator="\n").writerow(cells)

    def begin(self):
        self.row("file", "verdict", "blame", "points", *(step.name for step in self.table), "seconds", "message")

    def add(self, verdict):
        statuses = (verdict.steps[step.id].status for step in self.table)
        self.row(verdict.file, verdict.verdict, " ".join(blame(verdict)), verdict.points, *statuses,
                 f"{verdict.seconds:.3f}", message(verdict, self.lang))
