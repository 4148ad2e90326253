#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Says how far you have come with the lab: ./raftLab_test.sh -h
command -v python3 >/dev/null || {
	echo "raftLab_test.sh: python3 is not installed (on Debian: apt-get install python3)" >&2
	exit 2
}
exec python3 -B "$(dirname "$0")/lab/grader" "$@"
