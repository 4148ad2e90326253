#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The same as ../raftLab_test.sh.
exec sh "$(dirname "$0")/../raftLab_test.sh" "$@"
