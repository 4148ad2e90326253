# SPDX-License-Identifier: Apache-2.0
#
# Reads what blanks.awk lists and what the test runner reports, and prints a line
# for each test that did not pass, fields separated by tabs: name of the test,
# result, step at fault, place in raft/raft.c, place of the failure, message. What
# the report does not show is "-".
#
#	awk -v file=raft/raft.c -f lab/blame.awk BLANKS REPORT
#
# Of a crash, a panic, an endless loop or a call of exit() the report has a
# backtrace. At fault is the innermost step on it: a line in a blank, or else in a
# function that has one blank, which is filled in. (A leader's first entry with a
# wrong number stops the program in raft_append_entry(), though it was the blank
# of Election Step6 that called raft_become_leader().) A test that cannot say
# anything before another step is done well fails with "held up by <step>".

BEGIN { FS = OFS = "\t" }

FNR == 1 { files++ }

files == 1 {
	for (line = $3; line <= $6; line++)
		blank[line] = $1
	for (line = $9; line <= $10; line++) {
		if (line in func_of || $7 != "filled")
			func_of[line] = "-"
		else
			func_of[line] = $1
	}
	next
}

$2 != "pass" {
	step = at = in_step = "-"
	split("", seen)
	calls = 0
	n = split($5, place, " ")
	for (i = 1; i <= n; i++) {
		if (substr(place[i], 1, length(file) + 1) != file ":")
			continue
		if (at == "-")
			at = place[i]
		if (++seen[place[i]] > calls)
			calls = seen[place[i]]
		line = substr(place[i], length(file) + 2)
		if (step != "-")
			continue
		if (line in blank)
			step = blank[line]
		else if (line in func_of)
			step = func_of[line]
		if (step != "-")
			in_step = place[i]
	}
	if ($2 == "crash" && calls > 5)
		$6 = "the stack is full: functions call each other, or themselves, without end"
	if ($2 == "fail" && match($6, /^held up by [a-z][0-9]+\\n/)) {
		step = substr($6, 12, RLENGTH - 13)
		$6 = substr($6, RLENGTH + 1)
	}
	print $1, $2, step, step == "-" ? at : in_step, $4, $6
}
