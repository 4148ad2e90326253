#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# as_test.sh COMMAND... runs a command as one test: it passes if it exits with 0.
if "$@"; then
	echo "1 passed, 0 failed"
else
	echo "0 passed, 1 failed"
	exit 1
fi
