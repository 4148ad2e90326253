# SPDX-License-Identifier: Apache-2.0
"""A student's run: how far has raft/raft.c come?"""

import os

from lab.grader import words
from lab.grader.blanks import read_source
from lab.grader.judge import judge
from lab.grader.reference import RAFT_C, Reference
from lab.grader.steps import TOP


def main(argv):
    lang = words.choose_language()
    path = os.path.join(TOP, RAFT_C)
    verdict = judge(read_source(path), RAFT_C, Reference.load(path), lang, set(argv) or None, own_outside=True)
    for step in verdict.table:
        result = verdict.steps[step.id]
        print(f"{step.id}  {step.marker:18} {result.status}")
        for failure in result.failures[:1]:
            print("     ", failure)
            print("     ", result.proof)
        if result.reason:
            print(result.reason)
            print(result.diagnostics)
    passed = verdict.verdict == "pass"
    print("PASS" if passed else "FAIL")
    return 0 if passed else 1
