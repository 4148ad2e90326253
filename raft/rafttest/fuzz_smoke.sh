#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fuzz_smoke.sh DIR SECONDS TARGET.c... runs each fuzz target in DIR: first over
# its seeds, then on inputs of its own for so many seconds. What it finds stands
# in DIR/<target>.found; an input that crashed is DIR/<target>.crash-*.
set -u
dir=$1 seconds=$2
shift 2

passed=0 failed=0
for source; do
	name=$(basename "$source" .c)
	mkdir -p "$dir/$name.found"
	if ASAN_OPTIONS=detect_leaks=1 "$dir/$name" -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
		-artifact_prefix="$dir/$name." "$dir/$name.found" "${source%.c}.corpus" \
		>"$dir/$name.log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		tail -n 40 "$dir/$name.log"
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
