# SPDX-License-Identifier: Apache-2.0
#
# What raftLab_test.sh does: finds the blanks in raft/raft.c, builds raft/ and the
# lab's tests in build/lab, runs the tests of each step that is filled in, and says
# what came of it. Needs a C compiler, make and libprotobuf-c; runs in the top
# directory of the tree.

steps=lab/steps.tsv
source=raft/raft.c
build=build/lab
san=             # "address" with sanitizers
seconds=2        # time limit of one test; they take milliseconds
memory=300000    # KiB of address space for one test
at_a_time=8      # so that a step of endless loops is soon over

usage()
{
	cat <<-'END'
	usage: ./raftLab_test.sh [election | replication | STEP...]
	       ./raftLab_test.sh sanitize [election | replication | STEP...]
	       ./raftLab_test.sh gdb STEP

	Tests the ten steps of the lab in raft/raft.c, or only some of them:

	    ./raftLab_test.sh              all ten
	    ./raftLab_test.sh election     the six steps of the election: e1 ... e6
	    ./raftLab_test.sh replication  the four steps of replication: r1 ... r4
	    ./raftLab_test.sh e3 r1        these two
	    ./raftLab_test.sh sanitize     all ten, compiled with AddressSanitizer and UBSan:
	                                   slower, but sees memory used wrongly that goes
	                                   unnoticed otherwise
	    ./raftLab_test.sh gdb e5       the first failing test of a step in gdb, stopped
	                                   at the blank; fails none, then its first test

	A step has passed, failed, or is not filled in yet. What to do in each step is in
	Documentation/lab-guide.md (in Chinese: Documentation/lab-guide.zh.md).

	The last line is PASS or FAIL, the exit status 0 or 1 (2: wrong arguments). Set CC
	to choose the compiler, NO_COLOR to have no colour.
	END
}

die()
{
	echo "raftLab_test.sh: $*" >&2
	exit 2
}

fail()
{
	echo "${red}FAIL${plain}"
	exit 1
}

# Field number $2 of the step (or blank) with id $1 in table $3.
field()
{
	awk -F '\t' -v id="$1" -v n="$2" '$1 == id { print $n }' "$3"
}

ids_of()
{
	awk -F '\t' -v part="$1" '!/^#/ && NF && (part == "" || tolower($2) ~ "^" part " ") { printf "%s ", $1 }' "$steps"
}

# --- arguments ----------------------------------------------------------------

gdb=
wanted=
parts=
for arg in "$@"; do
	case $arg in
	-h | --help | help)
		usage
		exit 0 ;;
	gdb)
		gdb=1 ;;
	sanitize)
		san=address
		seconds=10 # the runner gives sanitized tests five times as long
		;;
	all)
		wanted="$wanted $(ids_of '')"
		parts="election replication" ;;
	election | replication)
		wanted="$wanted $(ids_of "$arg")"
		parts="$parts $arg" ;;
	*)
		id=$(printf %s "$arg" | tr ER er)
		[ -n "$(field "$id" 1 "$steps")" ] ||
			die "there is no step \"$arg\"; the steps are $(ids_of '')(-h explains)"
		wanted="$wanted $id" ;;
	esac
done
out=$build${san:+/$san}
test_program=$out/lab_test
if [ -n "$gdb" ]; then
	[ -z "$san" ] || die "gdb and sanitize do not go together"
	[ "$(echo $wanted | wc -w)" -eq 1 ] || die "which step? For example: ./raftLab_test.sh gdb e5"
elif [ -z "$wanted" ]; then
	wanted=$(ids_of '')
	parts="election replication"
fi

red= green= yellow= bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	esc=$(printf '\033')
	red="$esc[31m" green="$esc[32m" yellow="$esc[33m" bold="$esc[1m" plain="$esc[0m"
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/raftlab.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
blanks=$tmp/blanks

# --- the blanks ---------------------------------------------------------------

[ -f "$source" ] || {
	echo "$source is not there; git checkout $source brings it back as you last committed it."
	fail
}
if ! awk -v mode=list -v file="$source" -f lab/blanks.awk "$steps" "$source" >"$blanks" 2>"$tmp/err"; then
	cat "$tmp/err"
	echo
	echo "The comments that begin and end a blank have to stay as they were handed out;"
	echo "git diff $source shows what has become of them."
	fail
fi

filled=" $(awk -F '\t' '$7 == "filled" { printf "%s ", $1 }' "$blanks")"
is_filled()
{
	case $filled in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# --- the build ----------------------------------------------------------------

# What make was told about our own build is of no concern here.
unset MAKEFLAGS MFLAGS MAKELEVEL SAN BUILD OPT EXTRA

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# Warnings do not stop a student's build, but for those that are errors by any
# other name; they are shown beside what fails.
lab_make()
{
	LC_ALL=C make -s -j"$jobs" BUILD="$build" SAN="$san" OPT=-Og WARN="-Wall -Wextra \
		-Werror=implicit-function-declaration -Werror=int-conversion \
		-Werror=incompatible-pointer-types -Werror=return-type" "$@"
}

# The step in whose blank a place (file:line) lies, if any.
step_at()
{
	case $1 in
	"$source":*) awk -F '\t' -v line="${1#*:}" '$3 <= line && line <= $6 { print $1 }' "$blanks" ;;
	esac
}

# A mistake in a blank may only be noticed behind it (a brace too many), so blame is
# found by trial: which blank has to be emptied for the rest to compile? $1: blank.
compiles_without()
{
	awk -v mode=empty -v only="$1" -f lab/blanks.awk "$steps" "$source" >"$tmp/trial.c" &&
		${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -fsyntax-only -w "$tmp/trial.c" 2>/dev/null
}

blame_for_build()
{
	for id in $(awk -F: -v s="$source" '$1 == s && / error: / { print $1 ":" $2 }' "$1" |
		while read -r place; do step_at "$place"; done | awk '!seen[$0]++'); do
		echo "$id"
	done >"$tmp/blame"
	if ! [ -s "$tmp/blame" ] && grep -q "^$source:.* error: " "$1"; then
		for id in $filled; do
			if compiles_without "$id"; then
				echo "$id" >"$tmp/blame"
				break
			fi
		done
	fi
}

build_failed()
{
	blame_for_build "$out/log"
	grep -A 3 -E "error: |undefined reference|No such file|not found" "$out/log" |
		grep -v -e '^make' -e '^--$' | head -30 >"$tmp/shown"
	[ -s "$tmp/shown" ] || tail -20 "$out/log" >"$tmp/shown"
	for id in $wanted; do
		if grep -qx "$id" "$tmp/blame"; then
			verdict "$id" "$red" "does not compile" "$(field "$id" 3 "$blanks")"
		elif is_filled "$id"; then
			verdict "$id" "$plain" "not tested" ""
		else
			verdict "$id" "$yellow" "not filled in yet" "$(field "$id" 3 "$blanks")"
		fi
	done
	echo
	if [ -s "$tmp/blame" ]; then
		for id in $(cat "$tmp/blame"); do
			echo "$(field "$id" 2 "$steps") ($source:$(field "$id" 3 "$blanks")) does not compile:"
		done
	elif grep -q protobuf-c "$tmp/shown"; then
		echo "libprotobuf-c is missing (on Debian: apt-get install libprotobuf-c-dev):"
	else
		echo "The build failed, but not because of a blank (git diff shows what was changed):"
	fi
	sed 's/^/    /' "$tmp/shown"
	echo
	fail
}

# --- what was handed out ---------------------------------------------------------

outside()
{
	awk -v mode=outside -f lab/blanks.awk "$steps" "$1" 2>/dev/null | tr -d '\r'
}

# Says in a line, for it is allowed, that more than the blanks differs from what was
# handed out: it is easily done by accident and hard to find.
changed_outside()
{
	[ -f lab/HANDOUT ] && command -v git >/dev/null || return
	root=$(git rev-list --max-parents=0 HEAD 2>/dev/null | tail -n 1)
	[ -n "$root" ] && git show "$root:./$source" >"$tmp/handed-out.c" 2>/dev/null || return
	outside "$tmp/handed-out.c" | cut -f 2- >"$tmp/then"
	outside "$source" >"$tmp/numbered"
	cut -f 2- "$tmp/numbered" >"$tmp/now"
	places=
	if ! diff -qb "$tmp/then" "$tmp/now" >/dev/null; then
		n=$(diff -b "$tmp/then" "$tmp/now" | sed -n '1s/^.*[acd]\([0-9]*\).*$/\1/p')
		places="$source:$(sed -n "${n:-1}p" "$tmp/numbered" | cut -f 1)"
	fi
	places="$places $(git diff --name-only "$root" -- raft lab Makefile raftLab_test.sh 2>/dev/null |
		grep -v "^$source\$" | head -n 3 | tr '\n' ' ')"
	places=$(echo $places)
	[ -z "$places" ] || printf '%s\n\n' \
		"Changed outside the blanks: $places (git diff ${root%"${root#???????}"} shows it)"
}

# --- verdicts -----------------------------------------------------------------

# verdict ID COLOUR WORDS LINE prints the line of a step.
verdict()
{
	printf '%s  %-18s %s%-18s%s %s\n' "$1" "$(field "$1" 2 "$steps")" "$2" "$3" "$plain" \
		"${4:+$source:$4, }$(field "$1" 5 "$steps")" 2>/dev/null # no one may be reading any more
}

# detail NAME TEXT: one or several lines under the line of a step.
detail()
{
	printf '%s\n' "$2" | fold -s -w 88 | {
		name=$1
		while IFS= read -r line; do
			printf '      %-10s%s\n' "$name" "$line"
			name=
		done
	}
}

# printed_before_the_end TEST: in a line, why the test crashed, where raft or a
# sanitizer printed it.
printed_before_the_end()
{
	awk -v head="crash $1 (" '
		/^[a-z]+ [a-z][a-z0-9]*_[a-z0-9_]+ \(/ { here = index($0, head) == 1 }
		here && /raft: out of memory/ {
			print "memory ran out (an endless loop that allocates?)"
			exit
		}
		here && /AddressSanitizer: / {
			sub(/^.*AddressSanitizer: /, "")
			sub(/ on address .*$| on unknown address .*$/, "")
			print "AddressSanitizer: " $0
			exit
		}
		here && /: runtime error: / {
			sub(/^.*: runtime error: /, "")
			print
			exit
		}' "$tmp/output"
}

# explain FAILURE STEP: why a test of the step failed, in words for the student.
explain()
{
	printf '%s\n' "$1" | tr '\t' '\n' >"$tmp/line"
	{
		read -r name
		read -r result
		read -r culprit
		read -r at
		read -r place
		IFS= read -r message
	} <"$tmp/line"
	[ "$at" != - ] || at=$place
	[ "$at" != - ] || at=
	detail test "$(printf %s "${name#*_}" | tr _ ' ')"
	message=$(printf '%s\n' "$message" | awk '{
		gsub(/\\\\/, "\001"); gsub(/\\n/, "\n"); gsub(/\\t/, "\t"); gsub(/\001/, "\\"); print }')
	case $result in
	fail)
		case $message in
		expected:*)
			detail expected "$(printf '%s\n' "$message" | sed -n '1s/^expected: //p')"
			detail seen "$(printf '%s\n' "$message" | sed '1d; s/^seen: //')" ;;
		*)
			detail seen "$message" ;;
		esac
		detail "" "($place)" ;;
	timeout)
		detail expected "the test comes to its end within $seconds seconds"
		case $message in
		printed*) detail seen "an endless loop that prints" ;;
		*) detail seen "an endless loop${at:+: after $seconds seconds it is in $at}" ;;
		esac ;;
	panic)
		detail expected "no invariant is broken"
		detail seen "raft_panicf: $message${at:+, at $at}" ;;
	crash)
		detail expected "the test comes to its end"
		said=$(printed_before_the_end "$name")
		detail seen "a crash: ${said:-$message}${at:+, at $at}" ;;
	exit)
		detail expected "the test comes to its end"
		detail seen "$message${at:+, at $at}" ;;
	*)
		detail seen "$message" ;;
	esac
	[ "$at" = "$place" ] || [ "$place" = - ] || detail "" "(in what is called there: $place)"
	[ "$culprit" = - ] || [ "$culprit" = "$2" ] ||
		detail "" "that is the work of $(field "$culprit" 2 "$steps") ($culprit)"
}

# run_tests PATTERN: leaves the report in $tmp/report, what the tests printed in
# $tmp/output, and who failed and whose fault it is in $tmp/failures.
run_tests()
{
	{
		(
			# A sanitizer has a limit of its own. Tests never free.
			[ -n "$san" ] || ulimit -v $memory 2>/dev/null
			ulimit -c 0 2>/dev/null
			export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16:hard_rss_limit_mb=$((memory / 1000))
			exec "$test_program" -j $at_a_time --timeout 2 --report "$tmp/report" "$1" 9>&-
		) >"$tmp/output" 2>&1 </dev/null
		ended=$?
	} 2>/dev/null
	if [ $ended -gt 128 ]; then
		printf '%s\tcrash\t0\t-\t-\tthe program of all tests was killed (by a test?)\n' \
			"${1%\*}all_of_them" >>"$tmp/report"
	elif ! [ -s "$tmp/report" ]; then
		cat "$tmp/output"
		echo "$test_program could not run the tests"
		fail
	fi
	awk -v file="$source" -f lab/blame.awk "$blanks" "$tmp/report" >"$tmp/failures"
}

# The first failure that is the step's own, as far as is known.
first_failure()
{
	awk -F '\t' -v id="$1" '$3 == "-" || $3 == id' "$tmp/failures" | sed -n 1p
}

count_failures()
{
	awk 'END { print NR }' "$tmp/failures" | awk -v n="$(awk 'END { print NR }' "$tmp/report")" \
		'$1 > 1 { print $1 " of its " n " tests fail; this is the first" }'
}

# look_through STEP puts crashes and panics of its tests down to the step that they
# cannot do without, if that one fails by itself.
look_through()
{
	through=$(field "$1" 7 "$steps")
	is_filled "$through" || return
	cp "$tmp/failures" "$tmp/these"
	cp "$tmp/report" "$tmp/this-report"
	cp "$tmp/output" "$tmp/this-output"
	run_tests "${through}_*"
	culprit=$(first_failure "$through" | sed -n "s/.*/$through/p")
	awk -F '\t' -v OFS='\t' -v culprit="$culprit" \
		'culprit != "" && $2 != "fail" { $3 = culprit } { print }' "$tmp/these" >"$tmp/failures"
	mv "$tmp/this-report" "$tmp/report"
	mv "$tmp/this-output" "$tmp/output"
}

# Told only if the step that holds it up does not tell it.
explain_held_up()
{
	case " $wanted " in
	*" $culprit "*) ;;
	*) explain "$(sed -n 1p "$tmp/failures")" "$id" ;;
	esac
}

passed= failed= held= empty=

test_step()
{
	id=$1
	line=$(field "$id" 3 "$blanks")
	if ! is_filled "$id"; then
		verdict "$id" "$yellow" "not filled in yet" "$line"
		empty="$empty $id"
		return
	fi
	run_tests "${id}_*"
	if ! [ -s "$tmp/failures" ]; then
		verdict "$id" "$green" passed ""
		passed="$passed $id"
		return
	fi
	look_through "$id"
	first=$(first_failure "$id")
	if [ -z "$first" ]; then
		culprit=$(sed -n 1p "$tmp/failures" | cut -f 3)
		verdict "$id" "$yellow" "held up by $culprit" ""
		explain_held_up
		held="$held $culprit"
		return
	fi
	verdict "$id" "$red" failed "$line"
	detail in "$(field "$id" 8 "$blanks")(), $(count_failures)" | sed 's/, $//'
	explain "$first" "$id"
	detail "read on" "Documentation/lab-guide.md, \"$(field "$id" 2 "$steps")\"; $(field "$id" 4 "$steps")"
	detail "look at" "./raftLab_test.sh gdb $id"
	[ "$(printf '%s\n' "$first" | cut -f 2)" != crash ] || [ -n "$san" ] ||
		detail "" "./raftLab_test.sh sanitize $id"
	failed="$failed $id"
}

# The steps of a part together, once each of those needed is filled in and none
# has failed.
test_part()
{
	needed=$(ids_of election)
	words="the steps of the $1 together"
	if [ "$1" != election ]; then
		needed="$needed $(ids_of "$1")"
		words="all steps together"
	fi
	[ -z "$failed$held" ] || return
	for id in $needed; do
		is_filled "$id" || return
	done
	run_tests "$1_*"
	if ! [ -s "$tmp/failures" ]; then
		part_verdict "$green" passed
		return
	fi
	first=$(sed -n 1p "$tmp/failures")
	counted=$(count_failures)
	# Each step by itself is right, as far as it was tested: look at the others.
	for id in $filled; do
		case " $wanted " in
		*" $id "*) continue ;;
		esac
		run_tests "${id}_*"
		if [ -s "$tmp/failures" ]; then
			part_verdict "$yellow" "held up by $id"
			held="$held $id"
			return
		fi
	done
	part_verdict "$red" failed
	[ -z "$counted" ] || detail "" "$counted"
	explain "$first" ""
	detail "read on" "Documentation/lab-guide.md"
	failed="$failed $1"
}

part_verdict()
{
	printf '    %-18s %s%-18s%s %s\n' "" "$1" "$2" "$plain" "$words"
}

# --- gdb ----------------------------------------------------------------------

run_gdb()
{
	id=$(echo $wanted)
	command -v gdb >/dev/null || die "gdb is not installed"
	run_tests "${id}_*"
	first=$(first_failure "$id")
	name=$(printf '%s\n' "${first:-$(sed -n 1p "$tmp/report")}" | cut -f 1)
	stop=$(field "$id" 4 "$blanks")
	[ "$stop" -le "$(field "$id" 5 "$blanks")" ] || stop=$(field "$id" 6 "$blanks")
	if [ -n "$first" ]; then
		echo "$(field "$id" 2 "$steps"): $name fails; gdb stops at $source:$stop and at the failed expectation"
	else
		echo "$(field "$id" 2 "$steps"): no test fails; gdb runs $name and stops at $source:$stop"
	fi
	rm -rf "$tmp"
	exec 9>&- # others may test meanwhile
	set -- --args "$test_program" --no-fork "=$name"
	[ -f raft/raft-gdb.py ] && set -- -ex "source raft/raft-gdb.py" "$@"
	exec gdb -q -ex "set breakpoint pending on" -ex "break $source:$stop" \
		-ex "break runner_failed" -ex run "$@"
}

# --- now ----------------------------------------------------------------------

# The tests of two runs at a time would be built into the same files. And what was
# built under another name of this directory speaks of places that are not here.
take_the_build()
{
	[ ! -f "$build/where" ] || [ "$(cat "$build/where")" = "$PWD" ] || rm -rf "$build"
	{ mkdir -p "$out" && echo "$PWD" >"$build/where"; } 2>/dev/null ||
		die "$out cannot be written to (is this tree yours?)"
	command -v flock >/dev/null || return
	exec 9>"$build/lock"
	flock -n 9 && return
	echo "Another raftLab_test.sh is at work in this tree; waiting for it."
	flock -w 120 9 || die "it takes too long; stop it first"
}

any=$gdb
for id in $wanted; do
	is_filled "$id" && any=1
done
if [ -n "$any" ]; then
	command -v make >/dev/null || die "make is not installed (on Debian: apt-get install make gcc)"
	compiler=${CC:-cc}
	command -v "${compiler%% *}" >/dev/null || die "there is no C compiler (on Debian: apt-get install gcc)"
	take_the_build
	lab_make lab-test >"$tmp/log" 2>&1 9>&- && built=1 || built=
	# What was compiled before is not compiled again and does not warn again.
	if [ -z "$built" ] || grep -q " warning: " "$tmp/log" || [ "$source" -nt "$out/log" ]; then
		cp "$tmp/log" "$out/log"
	fi
	[ -n "$built" ] || build_failed
fi
[ -z "$gdb" ] || run_gdb

for id in $(ids_of ''); do
	case " $wanted " in
	*" $id "*) test_step "$id" ;;
	esac
done
for part in election replication; do
	case " $parts " in
	*" $part "*) test_part $part ;;
	esac
done
echo
changed_outside
if [ -z "$san" ] && grep -q "^$source:.* warning: " "$out/log" 2>/dev/null; then
	echo "The compiler warns; ./build.sh will not accept that:"
	grep -A 2 "^$source:.* warning: " "$out/log" | sed 's/^/    /'
	echo
fi
if [ -z "$failed$held$empty" ]; then
	echo "${green}PASS${plain}"
	exit 0
fi
next=
for id in $(ids_of ''); do
	case " $failed $empty " in
	*" $id "*)
		next=$id
		break ;;
	esac
done
for id in ${next:-$held}; do
	echo "$(echo $passed | wc -w) of $(echo $wanted | wc -w) steps passed. Next:" \
		"${bold}$(field "$id" 2 "$steps")${plain}, $source:$(field "$id" 3 "$blanks")," \
		"$(field "$id" 8 "$blanks")()"
	break
done
fail
