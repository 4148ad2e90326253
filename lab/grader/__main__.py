# SPDX-License-Identifier: Apache-2.0
"""./raftLab_test.sh: `python3 -B lab/grader ARGUMENTS...`, from wherever one is."""

import os
import sys

# As a directory to be run, Python would look for modules in this one.
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if sys.path[0] != TOP:
    sys.path[0] = TOP

from lab.grader.student import local  # noqa: E402  pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(local.main(sys.argv[1:]))
