# SPDX-License-Identifier: Apache-2.0
"""What has become of a class: where it gets stuck, for the teacher's next lesson."""

from collections import Counter
from statistics import median

from lab.grader import verdict as v


class StepSummary:
    """One step in all files."""

    def __init__(self, step, verdicts):
        self.step = step
        found = [verdict.steps[step.id] for verdict in verdicts]
        self.statuses = Counter(s.status for s in found)
        tests = Counter(s.failures[0].test for s in found if s.failures and s.failures[0].test)
        self.commonest = tests.most_common(1)[0] if tests else ("", 0)
        self.stuck = sum(1 for verdict in verdicts if first_not_passed(verdict) == step.id)

    @property
    def other(self):
        return self.statuses[v.COMPILE_ERROR] + self.statuses[v.TAMPERED]


def first_not_passed(verdict):
    """The id of the step where a student has got stuck; None if nowhere."""
    return next((step.id for step in verdict.table if verdict.steps[step.id].status != v.PASSED), None)


class Summary:
    def __init__(self, table, verdicts):
        self.files = len(verdicts)
        self.steps = [StepSummary(step, verdicts) for step in table]
        self.points = median(verdict.points for verdict in verdicts) if verdicts else 0
        self.seconds = median(verdict.seconds for verdict in verdicts) if verdicts else 0

    @property
    def hardest(self):
        """The step where most get stuck, if anyone does."""
        worst = max(self.steps, key=lambda s: s.stuck, default=None)
        return worst if worst and worst.stuck else None
