# SPDX-License-Identifier: Apache-2.0
#
# Checks that each test that Documentation/raft-tests.md names is there:
#	awk -f raft/rafttest/check_test_table.awk Documentation/raft-tests.md
# A row is
#	| `TestOfGo` | `one_of_ours`, `another` | `file/they_are_in.c` |
# or has "–" in the place of ours, and a reason in that of the file.

function has_test(file, name,    line, found)
{
	found = 0
	while ((getline line < file) > 0)
		if (line ~ "^TEST(_TIMEOUT)?\\(" name "[,)]")
			found = 1
	close(file)
	return found
}

BEGIN { FS = " *\\| *" }

/^\| `(Test|Example|Benchmark)/ {
	go = $2
	if ($3 == "–") {
		if ($4 == "") {
			print FILENAME ":" FNR ": no reason for " go
			failed++
		} else {
			passed++
		}
		next
	}
	n = split($3, names, ", ")
	file = $4
	gsub("`", "", file)
	for (i = 1; i <= n; i++) {
		gsub("`", "", names[i])
		if (has_test(file, names[i])) {
			passed++
		} else {
			print FILENAME ":" FNR ": no test " names[i] " in " file
			failed++
		}
	}
}

END {
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0 || passed == 0
}
