# SPDX-License-Identifier: Apache-2.0
"""--format gradescope: the results.json that a Gradescope autograder leaves
(gradescope-autograders.readthedocs.io, "Output format"). It is about one submission."""

from lab.grader import verdict as v
from lab.grader.explain import step_lines
from lab.grader.layout import visible
from lab.grader.teacher.format_json import dumps
from lab.grader.teacher.message import message
from lab.grader.teacher.report import Report
from lab.grader.words import say


def results(score, seconds, output, tests):
    return {
        "score": score,
        "execution_time": round(seconds, 3),
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


class GradescopeReport(Report):
    def add(self, verdict):
        said = say(self.lang, "score-line", points=verdict.points, most=self.most,
                   verdict=say(self.lang, verdict.verdict))
        why = visible(message(verdict, self.lang)) or say(self.lang, "everything-passed")
        tests = [self.test(verdict.steps[step.id], number, step) for number, step in enumerate(self.table, 1)]
        self.put(results(verdict.points, verdict.seconds, f"{said}\n{why}", tests))

    def test(self, found, number, step):
        passed = found.status == v.PASSED
        lines = [say(self.lang, v.PASSED)] if passed else step_lines(step, found, self.lang)
        return {
            "name": f"{step.name}: {step.title(self.lang)}",
            "number": str(number),
            "score": step.points if passed else 0,
            "max_score": step.points,
            "status": "passed" if passed else "failed",
            "output": "\n".join(lines),
            "output_format": "text",
            "visibility": "visible",
        }

    def unreadable(self, why):
        """A submission without the file is to be seen as that, not as a grader that broke."""
        self.put(results(0, 0.0, visible(say(self.lang, "nothing-submitted", why=why)), []))

    def put(self, value):
        self.write(dumps(value, indent=2) + "\n")
