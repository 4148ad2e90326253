# SPDX-License-Identifier: Apache-2.0
"""--json: one object per file, one on a line."""

import json

from lab.grader.teacher.message import blame, message
from lab.grader.teacher.report import Report


def dumps(value, **options):
    """JSON that can be written as UTF-8. Bytes of file names that are no UTF-8 become what
    Python's json and os.fsencode make the same bytes of again (\\udcXX)."""
    text = json.dumps(value, ensure_ascii=False, **options)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, **options)
    return text


class JsonReport(Report):
    def add(self, verdict):
        self.write(dumps({
            "file": verdict.file,
            "verdict": verdict.verdict,
            "blame": blame(verdict),
            "points": verdict.points,
            "seconds": round(verdict.seconds, 3),
            "message": message(verdict, self.lang),
        }) + "\n")
