# SPDX-License-Identifier: Apache-2.0
"""./raftLab_test.sh: `python3 -B -m lab.grader ARGUMENTS...` in the top directory."""

import sys

from lab.grader import local

if __name__ == "__main__":
    sys.exit(local.main(sys.argv[1:]))
