# SPDX-License-Identifier: Apache-2.0
#
# Reads what blanks.awk lists and what the test runner reports, and prints a line
# for each test that did not pass, fields separated by tabs: name of the test,
# result, step at fault, place in that step's function, place of the failure,
# message. The step and its place are "-" where the report does not show them.
#
#	awk -v file=raft/raft.c -f lab/blame.awk BLANKS REPORT
#
# Of a crash, a panic, an endless loop or a call of exit() the report has a
# backtrace. At fault is the innermost step on it: a line in a blank, or else in a
# function that has one blank, which is filled in. (A leader's first entry with a
# wrong number stops the program in raft_append_entry(), though it was the blank
# of Election Step6 that called raft_become_leader().)

BEGIN { FS = OFS = "\t" }

FNR == 1 { files++ }

files == 1 {
	for (line = $3; line <= $6; line++)
		blank[line] = $1
	for (line = $9; line <= $10; line++)
		func_of[line] = line in func_of || $7 != "filled" ? "-" : $1
	next
}

$2 != "pass" {
	step = at = "-"
	n = split($5, place, " ")
	for (i = 1; i <= n && step == "-"; i++) {
		if (substr(place[i], 1, length(file) + 1) != file ":")
			continue
		line = substr(place[i], length(file) + 2)
		if (line in blank)
			step = blank[line]
		else if (line in func_of)
			step = func_of[line]
		at = place[i]
	}
	print $1, $2, step, step == "-" ? "-" : at, $4, $6
}
