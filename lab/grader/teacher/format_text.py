# SPDX-License-Identifier: Apache-2.0
"""--format text: a table for people, with what is wrong in each file below its line, and
the class at the end."""

from lab.grader import verdict as v
from lab.grader.explain import step_lines
from lab.grader.layout import file_name, pad, pad_left, width
from lab.grader.teacher.report import Report
from lab.grader.teacher.summary import Summary
from lab.grader.words import say

MARKS = {v.PASSED: "ok", v.FAILED: "X", v.EMPTY: "-", v.COMPILE_ERROR: "C", v.TAMPERED: "!"}
WIDEST = 60  # columns of a file name; longer ones push the rest to the right
MOST_LINES = 20  # of what is said about a step: a compiler can say very much


class TextReport(Report):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.verdicts = []
        words = [say(self.lang, word) for word in ("verdict", "pass", "fail", v.EMPTY, v.COMPILE_ERROR, v.TAMPERED)]
        self.words = max(map(width, words))
        names = [say(self.lang, "file"), *(file_name(file) for file in self.files)]
        self.name = min(WIDEST, max(map(width, names)))

    def row(self, file, verdict, points, marks, seconds):
        cells = [pad(file, self.name), pad(verdict, self.words), pad_left(str(points), 6)]
        cells += [pad(mark, max(2, width(step.id))) for mark, step in zip(marks, self.table)]
        return "  ".join(cells) + f"  {pad_left(seconds, 7)}\n"

    def begin(self):
        self.write(self.row(say(self.lang, "file"), say(self.lang, "verdict"), say(self.lang, "points"),
                            [step.id for step in self.table], say(self.lang, "seconds")))

    def add(self, verdict):
        self.verdicts.append(verdict)
        marks = [MARKS[verdict.steps[step.id].status] for step in self.table]
        lines = [self.row(file_name(verdict.file), say(self.lang, verdict.verdict), verdict.points, marks,
                          f"{verdict.seconds:.2f}")]
        for status, why, names in self.faults(verdict):
            who = ", ".join(names) if len(names) < len(self.table) else say(self.lang, "all-steps")
            lines.append(f"    {who}: {say(self.lang, status)}\n")
            if len(why) > MOST_LINES:
                why = why[:MOST_LINES - 1] + ["..."]
            lines += [f"        {line}\n" for line in why]
        self.write("".join(lines))

    def faults(self, verdict):
        """[status, lines, names of the steps]: what befell several steps is told once."""
        found = []
        for step in self.table:
            result = verdict.steps[step.id]
            if result.status in (v.PASSED, v.EMPTY):
                continue
            why = step_lines(step, result, self.lang)
            same = next((fault for fault in found if fault[:2] == [result.status, why]), None)
            if same:
                same[2][0] = same[2][0].split(" ")[0]  # the titles of many would be too long
                same[2].append(step.name)
            else:
                found.append([result.status, why, [f"{step.name} ({step.title(self.lang)})"]])
        return found

    def end(self):
        if not self.verdicts:
            return
        self.write("\n" + say(self.lang, "legend") + "\n")
        if len(self.verdicts) > 1:
            self.write("\n" + "".join(line + "\n" for line in self.class_lines()))

    def class_lines(self):
        summary = Summary(self.table, self.verdicts)
        lines = [say(self.lang, "class", files=summary.files, points=f"{summary.points:g}", most=self.most,
                     seconds=f"{summary.seconds:.2f}"), ""]
        rows = [say(self.lang, "class-head").split("\t")]
        for s in summary.steps:
            test, count = s.commonest
            rows.append([s.step.name, s.statuses[v.PASSED], s.statuses[v.FAILED], s.statuses[v.EMPTY], s.other,
                         s.stuck or "", f"{test} ({count})" if test else ""])
        widths = [max(width(str(row[i])) for row in rows) for i in range(len(rows[0]))]
        lines += ["  ".join(pad(str(cell), w) for cell, w in zip(row, widths)).rstrip() for row in rows]
        lines += [say(self.lang, "class-legend")]
        if summary.hardest:
            step = summary.hardest.step
            lines += ["", say(self.lang, "class-stuck", step=step.name, title=step.title(self.lang),
                              count=summary.hardest.stuck, files=summary.files)]
        return lines
