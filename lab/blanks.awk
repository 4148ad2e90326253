# SPDX-License-Identifier: Apache-2.0
#
# Finds the blanks of the lab in raft/raft.c. A blank stands between
#	/* RaftLab Election Step1: what to do, on one or several lines */
# and	/* RaftLab Election Step1 end */
# or	/* RaftLab Election Step1 end: <stub> */
# where the stub is the statement that an empty blank needs in order to compile.
#
#	awk -v mode=... [-v file=name] -f lab/blanks.awk lab/steps.tsv raft/raft.c
#
# mode=list             one line per step, in the order of the table, fields
#                       separated by tabs: id, marker, line of the opening comment,
#                       first and last line of the blank, line of the closing
#                       comment, "filled" or "empty", function, its first and
#                       last line
# mode=empty            prints the file with all blanks emptied
# mode=empty -v only=e5 with this one emptied
# mode=outside          prints the lines outside the blanks, each after its number
#                       and a tab
# mode=put -v only=e5 -v text=FILE    with FILE's text in this blank
#
# A blank is filled if there is anything in it but comments, white space and the
# stub. Markers that are missing, doubled or crossed are reported as file:line:
# message on stderr, and the exit status is 1. file= is the name to report.

function complain(line, msg)
{
	printf "%s:%s %s\n", file, line ? line ":" : "", msg > "/dev/stderr"
	bad = 1
}

# The text without comments and white space; strings are left as they are.
function bare(s,    out, c, two, quote)
{
	out = quote = ""
	while (s != "") {
		c = substr(s, 1, 1)
		two = substr(s, 1, 2)
		if (quote != "") {
			if (c == "\\") {
				out = out two
				s = substr(s, 3)
				continue
			}
			if (c == quote)
				quote = ""
		} else if (two == "/*") {
			s = substr(s, 3)
			c = index(s, "*/")
			s = c ? substr(s, c + 2) : ""
			continue
		} else if (two == "//") {
			c = index(s, "\n")
			s = c ? substr(s, c) : ""
			continue
		} else if (c == "\"" || c == "'") {
			quote = c
		} else if (c ~ /[ \t\r\n]/) {
			s = substr(s, 2)
			continue
		}
		out = out c
		s = substr(s, 2)
	}
	return out
}

# Whether the body is more than comments and the stub.
function filled(body, stub,    b, s, at)
{
	b = bare(body)
	s = bare(stub)
	at = s == "" ? 0 : index(b, s)
	if (at)
		b = substr(b, 1, at - 1) substr(b, at + length(s))
	return b != ""
}

function trim(s)
{
	gsub(/^[ \t\r]+|[ \t\r]+$/, "", s)
	return s
}

# "Election Step1" of a line that has it in a marker.
function marker_of(line)
{
	match(line, /RaftLab [A-Z][a-z]+ Step[0-9]+/)
	return substr(line, RSTART + 8, RLENGTH - 8)
}

function indent_of(line)
{
	match(line, /^[ \t]*/)
	return substr(line, 1, RLENGTH)
}

function print_line(line)
{
	print (mode == "outside" ? FNR "\t" : "") line
}

function print_body(id, indent, eol,    line)
{
	if (mode == "put" && id == only) {
		while ((getline line < text) > 0)
			print line eol
		close(text)
	} else if (mode == "empty" && (only == "" || id == only)) {
		# A line to write on.
		print (stub[id] == "" ? "" : indent stub[id]) eol
	} else {
		printf "%s", body[id]
	}
}

# --- the table ---------------------------------------------------------------

FNR == 1 { files++ }

files == 1 {
	if ($0 !~ /^#/ && $0 != "") {
		split($0, field, "\t")
		order[++steps] = field[1]
		name[field[1]] = field[2]
		step[field[2]] = field[1]
	}
	next
}

# --- the source --------------------------------------------------------------

FNR == 1 && file == "" { file = FILENAME }

# The function we are in: a definition begins at the left margin.
/^[a-z].*\(/ && !/;[ \t\r]*$/ {
	current = $0
	sub(/\(.*/, "", current)
	sub(/^.*[ *]/, "", current)
	current_from = FNR
}

/^}/ {
	for (id in func_from)
		if (!(id in func_to))
			func_to[id] = FNR
}

{
	eol = $0 ~ /\r$/ ? "\r" : ""
	emit = mode != "list"
}

# The opening comment.
/\/\*[ \t]*RaftLab [A-Z][a-z]+ Step[0-9]+:/ {
	m = marker_of($0)
	id = step[m]
	if (open != "")
		complain(opened[open], "the end of " name[open] " is missing: there should be a line /* RaftLab " name[open] " end */")
	open = ""
	if (id == "") {
		complain(FNR, "the lab has no " m)
	} else if (id in opened) {
		complain(FNR, m " begins a second time (first in line " opened[id] ")")
	} else {
		open = id
		opened[id] = FNR
		func_of[id] = current
		func_from[id] = current_from
		body[id] = ""
		comment = 1
	}
	rest = $0
	sub(/^.*\/\*[ \t]*RaftLab/, "RaftLab", rest)
	if (!comment || !index(rest, "*/")) {
		if (emit)
			print_line($0)
		next
	}
}

# The end of the opening comment.
comment {
	at = index($0, "*/")
	if (!at) {
		if (emit)
			print_line($0)
		next
	}
	comment = 0
	first[open] = FNR + 1
	rest = substr($0, at + 2)
	if (trim(rest) != "") {
		body[open] = rest "\n"
		first[open] = FNR
	}
	if (emit)
		print_line(substr($0, 1, at + 1) eol)
	next
}

# The closing comment.
/\/\*[ \t]*RaftLab [A-Z][a-z]+ Step[0-9]+ end[ \t]*(:.*)?\*\// {
	m = marker_of($0)
	id = step[m]
	if (id == "") {
		complain(FNR, "the lab has no " m)
		next
	}
	if (open != id) {
		if (id in ended)
			complain(FNR, m " ends a second time (first in line " ended[id] ")")
		else
			complain(FNR, m " ends here, but does not begin before: there should be a comment /* RaftLab " m ": ... */")
		ended[id] = FNR
		next
	}
	at = match($0, /\/\*[ \t]*RaftLab/)
	if (trim(substr($0, 1, at - 1)) != "")
		body[id] = body[id] substr($0, 1, at - 1) "\n"
	stub[id] = ""
	if ($0 ~ / end[ \t]*:/) {
		stub[id] = $0
		sub(/^.* end[ \t]*:/, "", stub[id])
		sub(/\*\/.*$/, "", stub[id])
		stub[id] = trim(stub[id])
	}
	ended[id] = FNR
	open = ""
	if (emit) {
		if (mode != "outside")
			print_body(id, indent_of($0), eol)
		print_line(indent_of($0) substr($0, at))
	}
	next
}

open != "" {
	body[open] = body[open] $0 "\n"
	next
}

emit { print_line($0) }

END {
	if (files < 2)
		complain(0, "is empty")
	if (open != "")
		complain(opened[open], "the end of " name[open] " is missing: there should be a line /* RaftLab " name[open] " end */")
	for (i = 1; i <= steps; i++) {
		id = order[i]
		if (!(id in opened) && !(id in ended))
			complain(0, "the comments of " name[id] " are missing; restore /* RaftLab " name[id] ": ... */ and /* RaftLab " name[id] " end */")
		if (mode == "list" && !bad)
			printf "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%d\t%d\n", id, name[id], opened[id], first[id],
				ended[id] - 1, ended[id], filled(body[id], stub[id]) ? "filled" : "empty", func_of[id],
				func_from[id], func_to[id]
	}
	exit bad
}
