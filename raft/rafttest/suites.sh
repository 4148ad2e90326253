#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# suites.sh runs the test suites in $TEST_SUITES (one a line: name, tab, command)
# and adds up the "N passed, M failed" that each prints last. A suite that ends
# without saying so, or with an error that its numbers don't show, counts as one
# failure: silence is not success.
set -u

log=$(mktemp) sums=$(mktemp)
trap 'rm -f "$log" "$sums"' EXIT

printf '%s\n' "$TEST_SUITES" | grep -v '^[[:space:]]*$' | sed 's/^ *//' |
while IFS="$(printf '\t')" read -r name command; do
	echo "=== $name"
	begin=$(date +%s)
	sh -c "$command" </dev/null >"$log" 2>&1
	status=$?
	last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	passed=$(echo "$last" | sed -n 's/^\([0-9]*\) passed.*/\1/p')
	failed=$(echo "$last" | sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p')
	if [ -z "$last" ] || { [ $status -ne 0 ] && [ "$failed" = 0 ]; }; then
		echo "the suite ended with status $status"
		passed=${passed:-0}
		failed=$((${failed:-0} + 1))
	fi
	# What a suite skips, it says; what fails is shown whole.
	if [ "$failed" -ne 0 ]; then
		sed 's/^/    /' "$log"
	else
		grep -i '^skip' "$log" | sed 's/^/    /'
	fi
	echo "    $passed passed, $failed failed, $(($(date +%s) - begin)) s"
	echo "$passed $failed" >>"$sums"
done

awk '{ p += $1; f += $2 } END { printf "%d passed, %d failed\n", p, f; exit f != 0 || p == 0 }' "$sums"
