# SPDX-License-Identifier: Apache-2.0
"""What the grader's own unit tests have in common: a small course, and the last line."""

import sys
import textwrap
import unittest

from lab.grader.steps import Step

TABLE = [Step("e1", "Election Step1", 5, "", "", ""), Step("e2", "Election Step2", 10, "", "", ""),
         Step("r1", "Replication Step1", 10, "", "", "")]

# A raft.c in small: two blanks in one function, one with a stub in another.
TEXT = textwrap.dedent("""\
    #include <stdio.h>

    int first(int x)
    {
    \t/* RaftLab Election Step1: add one
    \t * to x. */
    \tx++;
    \t/* RaftLab Election Step1 end */

    \tif (x > 2) {
    \t\t/* RaftLab Election Step2: subtract one. */
    \t\tx--;
    \t\t/* RaftLab Election Step2 end */
    \t}
    \treturn x;
    }

    int second(int x)
    {
    \tint y;
    \t/* RaftLab Replication Step1: set y. */
    \ty = x;
    \t/* RaftLab Replication Step1 end: return 0; */
    \treturn y;
    }
    """)


def main(module):
    """Runs the tests of a module, or those that are named."""
    names = sys.argv[1:]
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    return 1 if bad else 0
