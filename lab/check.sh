# SPDX-License-Identifier: Apache-2.0
#
# Tests the lab itself: sh lab/check.sh, in the top directory of the tree that has
# the solutions. All is done in a handout made for the purpose, in a scratch
# directory. The last line is "N passed, M failed".

steps=lab/steps.tsv
here=$(pwd)
passed=0
failed=0

[ ! -e lab/HANDOUT ] || {
	echo "check-lab: this is a handout; the lab is checked where its solutions are"
	echo "0 passed, 0 failed"
	exit 0
}
unset MAKEFLAGS MFLAGS MAKELEVEL SAN BUILD OPT EXTRA
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_PREFIX

tmp=$(mktemp -d "${TMPDIR:-/tmp}/raftlab-check.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
tree=$tmp/handout

ok()
{
	passed=$((passed + 1))
}

# bad WHAT: the check failed; shows what the last command printed.
bad()
{
	failed=$((failed + 1))
	echo "FAILED: $*"
	[ ! -s "$tmp/out" ] || sed 's/^/    | /' "$tmp/out"
}

ids=$(awk -F '\t' '!/^#/ && NF { print $1 }' "$steps")
marker_of()
{
	awk -F '\t' -v id="$1" '$1 == id { print $2 }' "$steps"
}

blanks()
{
	awk "$@" -f lab/blanks.awk "$steps" raft/raft.c
}

# Runs the student's script in the handout; sets $status.
lab()
{
	(cd "$tree" && ./raftLab_test.sh "$@") >"$tmp/out" 2>&1 </dev/null
	status=$?
}

verdict_is() # STEP WORDS
{
	grep -q "^$1  $(marker_of "$1") *$2" "$tmp/out"
}

last_line_is()
{
	[ "$(tail -n 1 "$tmp/out")" = "$1" ]
}

# put STEP TEXT: the solution, with TEXT in one blank.
put()
{
	printf '%s\n' "$2" >"$tmp/text"
	blanks -v mode=put -v only="$1" -v text="$tmp/text" >"$tree/raft/raft.c"
}

# solution STEP: its text.
solution()
{
	blanks -v mode=list | awk -F '\t' -v id="$1" '
		NR == FNR { if ($1 == id) { from = $4; to = $5 }; next }
		FNR >= from && FNR <= to' - raft/raft.c
}

# --- every step has what belongs to it ---------------------------------------------

for id in $ids; do
	: >"$tmp/out"
	for f in lab/steps/$id.en.md lab/steps/$id.zh.md lab/steps/${id}_test.c; do
		[ -s "$f" ] && ok || bad "$(marker_of "$id"): $f is missing"
	done
	grep -q "^TEST(${id}_" "lab/steps/${id}_test.c" && ok ||
		bad "$(marker_of "$id"): lab/steps/${id}_test.c has no TEST(${id}_...)"
done
sh lab/guide.sh check >"$tmp/out" 2>&1 && ok || bad "the lab guide is not what its parts are: make lab-guide"
blanks -v mode=list >"$tmp/out" 2>&1 && ! grep -q empty "$tmp/out" && ok ||
	bad "the solution has all blanks, and all filled"

# --- the handout -------------------------------------------------------------------

sh lab/handout.sh "$tree" >"$tmp/out" 2>&1 && ok || {
	bad "a handout can be made"
	echo "$passed passed, $failed failed"
	exit 1
}
[ -s "$tree.tar.gz" ] && tar -tzf "$tree.tar.gz" >"$tmp/out" && ok || bad "it is packed as well"
[ "$(git -C "$tree" rev-list --all --count)" = 1 ] && [ -z "$(git -C "$tree" status --porcelain)" ] && ok ||
	bad "it is a git repository of one commit"
(cd "$tree" && awk '!/^#/ && NF' "$here/lab/teacher.txt" | while read -r f; do ls -d "$f" 2>/dev/null; done) >"$tmp/out"
[ ! -s "$tmp/out" ] && ok || bad "nothing of the teacher's is in it"
# Each solution of several lines, without white space, is nowhere in the handout.
(cd "$tree" && git ls-files | xargs cat) | tr -d ' \t\r\n' >"$tmp/all"
for id in $ids; do
	solution "$id" | tr -d ' \t\n' >"$tmp/text"
	: >"$tmp/out"
	[ "$(solution "$id" | awk 'END { print NR }')" -lt 2 ] || ! grep -qF -f "$tmp/text" "$tmp/all" && ok ||
		bad "the solution of $(marker_of "$id") is told somewhere in the handout"
done
for f in server client build.sh raftLab_test.sh raft/raftLab_test.sh README.md Documentation/lab-guide.md \
	Documentation/lab-guide.zh.md; do
	[ -e "$tree/$f" ] && ok || bad "the handout has $f"
done
for d in "" "$tmp/again"; do
	(cd "$tree" && make -s handout OUT="$d") >"$tmp/out" 2>&1 && bad "a handout of a handout is refused"
	grep -q "is a handout itself" "$tmp/out" && ok || bad "and told so clearly"
done
[ ! -e "$tmp/again" ] && ok || bad "and leaves nothing behind"
sh lab/handout.sh "$tree" >"$tmp/out" 2>&1 && ok || bad "an untouched handout is replaced"

# Warnings are errors; all of the tree but raft.c is compiled elsewhere as it is.
for cc in gcc clang; do
	command -v $cc >/dev/null || {
		echo "there is no $cc here; the handout was not compiled with it"
		continue
	}
	(cd "$tree" && make -s CC=$cc BUILD=build/$cc build/$cc/obj/raft/raft.o) >"$tmp/out" 2>&1 &&
		! grep -q "warning:" "$tmp/out" && ok || bad "the handout compiles with $cc without a warning"
done

# --- nothing filled in -------------------------------------------------------------

start=$(date +%s)
lab
[ $status = 1 ] && last_line_is FAIL && ok || bad "with all blanks empty the script ends with FAIL"
[ $(($(date +%s) - start)) -lt 60 ] && ok || bad "and within 60 seconds"
for id in $ids; do
	verdict_is "$id" "not filled in yet" && ok || bad "and names $(marker_of "$id")"
done
(cd "$tree" && make -s BUILD=build/lab OPT=-Og lab-test) >"$tmp/out" 2>&1 &&
	! grep -q "warning:" "$tmp/out" && ok ||
	bad "the lab's tests compile beside empty blanks"

# --- all filled in -----------------------------------------------------------------

cp raft/raft.c "$tree/raft/raft.c"
lab
[ $status = 0 ] && last_line_is PASS && ok || bad "with all blanks filled the script ends with PASS"
for id in $ids; do
	verdict_is "$id" passed && ok || bad "and says that $(marker_of "$id") passed"
done
[ "$(grep -c "passed .*together" "$tmp/out")" = 2 ] && ok || bad "and that both parts passed as a whole"
grep -q "Changed outside" "$tmp/out" && bad "and that nothing else is changed" || ok
awk '/\033/ { exit 1 }' "$tmp/out" && ok || bad "without colour, where there is no terminal"
(cd "$tree/raft" && ./raftLab_test.sh e3 r1) >"$tmp/out" 2>&1 && last_line_is PASS &&
	[ "$(grep -c passed "$tmp/out")" = 2 ] && ok || bad "from raft/ as well, and for two steps alone"
(cd "$tree" && git diff --stat) >"$tmp/out"
[ "$(awk 'END { print NR }' "$tmp/out")" = 2 ] && grep -q "raft/raft.c" "$tmp/out" && ok ||
	bad "git diff shows the student's work alone"
lab -h
[ $status = 0 ] && grep -q "^usage:" "$tmp/out" && ok || bad "-h explains"
lab e7
[ $status = 2 ] && grep -q 'no step "e7"' "$tmp/out" && ok || bad "a step that there is not is refused"

# --- one blank empty ----------------------------------------------------------------

for id in $ids; do
	blanks -v mode=empty -v only="$id" >"$tree/raft/raft.c"
	lab
	[ $status = 1 ] && last_line_is FAIL && verdict_is "$id" "not filled in yet" && ok ||
		bad "with $(marker_of "$id") empty the script fails and names it"
	[ "$(grep -c "^[a-z][0-9]*  .* passed " "$tmp/out")" = $(($(echo "$ids" | wc -w) - 1)) ] && ok ||
		bad "with $(marker_of "$id") empty all others pass"
done

# --- half of the way -----------------------------------------------------------------

blanks -v mode=empty >"$tmp/half.c"
for id in $(echo "$ids" | grep ^e); do
	solution "$id" >"$tmp/text"
	awk -v mode=put -v only="$id" -v text="$tmp/text" -f lab/blanks.awk "$steps" "$tmp/half.c" >"$tmp/more.c"
	mv "$tmp/more.c" "$tmp/half.c"
done
cp "$tmp/half.c" "$tree/raft/raft.c"
lab election
[ $status = 0 ] && last_line_is PASS && [ "$(grep -c passed "$tmp/out")" = 7 ] && ok ||
	bad "the election passes without replication"
lab replication
[ $status = 1 ] && [ "$(grep -c "not filled in yet" "$tmp/out")" = 4 ] && ok ||
	bad "replication is not filled in then"

# --- code that misbehaves ---------------------------------------------------------------

# naughty STEP TEXT WORDS: with TEXT in its blank, STEP fails and WORDS are said.
naughty()
{
	put "$1" "$2"
	lab
	[ $status = 1 ] && last_line_is FAIL && verdict_is "$1" failed && ok ||
		bad "$(marker_of "$1") fails with: $2"
	grep -q "$3" "$tmp/out" && ok || bad "$(marker_of "$1") with \"$2\": the script says \"$3\""
	[ "$(grep -c "^[a-z][0-9]*  .* passed " "$tmp/out")" = $(($(echo "$ids" | wc -w) - 1)) ] && ok ||
		bad "$(marker_of "$1") with \"$2\": all others pass"
}

# wrong STEP TEXT WORDS: the same, looking at the step alone.
wrong()
{
	put "$1" "$2"
	lab "$1"
	[ $status = 1 ] && verdict_is "$1" failed && grep -q "$3" "$tmp/out" && ok ||
		bad "$(marker_of "$1") fails with: $2, and the script says \"$3\""
}

line_of()
{
	blanks -v mode=list | awk -F '\t' -v id="$1" '$1 == id { print $4 }'
}

naughty e2 'for (;;)
	;' "an endless loop: .* raft/raft.c:$(line_of e2)"
naughty e5 '*(volatile int *)0 = 1;' "a crash: Segmentation fault, at raft/raft.c:$(line_of e5)"
naughty r3 'extern _Noreturn void exit(int);
exit(0);' "exit() was called before the test was over, at raft/raft.c"
naughty r2 'raft_panicf(r->logger, "no luck");' "raft_panicf: no luck, at raft/raft.c:$(line_of r2)"
naughty e3 'raft_reset(r, r->term);' "node 1 is a candidate in term 4"
naughty r4 'raft_maybe_commit(r);' "MsgApp with commit 2 to node 2, before any tick passes"
naughty e6 'raft_become_leader(r);
raft_bcast_heartbeat(r);' "MsgHeartbeat 1->2 term 4"

wrong e2 'r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .term = r->term + 1, .type = MSG_HUP});' \
	"node 1 is a pre-candidate in term 4"
wrong e4 'raft_become_candidate(r);
vote_msg = MSG_VOTE_RESP;
term = r->term;' "raft_panicf: not a vote message: MsgVoteResp, at raft/raft.c"
wrong e5 'raft_send(r, &(struct raft_message){.from = m->from, .to = m->from, .term = m->term,
	.type = raft_vote_resp_msg_type(m->type)});' "MsgVoteResp 2->2 term 4 yes"
wrong e6 'raft_bcast_append(r);
raft_become_leader(r);' "a MsgApp to be sent before it is the leader"
wrong e6 'extern int getppid(void), kill(int, int);
kill(getppid(), 15);' "the program of all tests was killed"
wrong r1 'es[i].term = r->term;' "seen .* 7/4 0/4 1/4"
wrong r2 'raft_append_entry(r, m->entries.v, m->entries.len);
raft_bcast_append(r);' "it is \[1/4 2/4 3/4 4/4 5/4 6/4\]"
wrong r3 'raft_step(r, m);' "a crash: the stack is full"
wrong r4 'while (true)
	raft_bcast_append(r);' "memory ran out"

# Shared by steps: Election Step2 never comes to anything when the clock is wrong.
put e1 'r->election_elapsed = 1;'
lab election
verdict_is e1 failed && verdict_is e2 "held up by e1" && ok || bad "a wrong e1 is told from a wrong e2"

# The leader's first entry passes through Replication Step1.
put r1 'es[i].term = r->term;
es[i].index = li + 2 + i;'
lab
verdict_is r1 failed && verdict_is e6 "held up by r1" && ok || bad "a wrong r1 is told from a wrong e6"

put e1 'int unused;
r->election_elapsed++;'
lab
[ $status = 0 ] && grep -q "warning: unused variable" "$tmp/out" && ok || bad "a warning is shown"

put e4 'vote_msg = MSG_VOTE;
term = r->therm;'
lab
[ $status = 1 ] && verdict_is e4 "does not compile" && grep -q "therm" "$tmp/out" && ok ||
	bad "a compile error is shown, with its step"
put e6 'raft_become_leader(r); }'
lab
[ $status = 1 ] && verdict_is e6 "does not compile" && ok || bad "a brace too many is put down to its step"

sed '/RaftLab Election Step5 end/d' raft/raft.c >"$tree/raft/raft.c"
lab
[ $status = 1 ] && grep -q "^raft/raft.c:[0-9]*: the end of Election Step5 is missing" "$tmp/out" && ok ||
	bad "a lost marker is told with its place"
sed 's/RaftLab Replication Step2:/RaftLab Replication Step1:/' raft/raft.c >"$tree/raft/raft.c"
lab
[ $status = 1 ] && grep -q "^raft/raft.c:[0-9]*: Replication Step1 begins a second time" "$tmp/out" && ok ||
	bad "a doubled marker is told with its place"
awk '{ print $0 "\r" }' raft/raft.c >"$tree/raft/raft.c"
lab e1
[ $status = 0 ] && ok || bad "Windows line ends do no harm"

# --- more than the blanks ----------------------------------------------------------------

awk '/^bool raft_append_entry/ { print "/* mine */" } { print }' raft/raft.c >"$tree/raft/raft.c"
lab r1
[ $status = 0 ] && grep -q "^Changed outside the blanks: raft/raft.c:$(awk '/mine/ { print FNR }' \
	"$tree/raft/raft.c") (git diff" "$tmp/out" && ok || bad "a change outside the blanks is told with its place"
sed 's/[ \t]*$/ /' raft/raft.c >"$tree/raft/raft.c"
lab r1
grep -q "Changed outside" "$tmp/out" && bad "but not one of white space" || ok

# Two at a time: the second waits, and both are right.
cp raft/raft.c "$tree/raft/raft.c"
(cd "$tree" && ./raftLab_test.sh election >"$tmp/first" 2>&1) &
lab replication
wait $!
last_line_is PASS && [ "$(tail -n 1 "$tmp/first")" = PASS ] && ok || bad "two runs at a time both pass"

# A tree that was moved is built anew: backtraces would name places that are gone.
mv "$tree" "$tmp/moved tree"
tree="$tmp/moved tree"
put e3 '*(volatile int *)0 = 1;'
lab e3
grep -q "a crash: Segmentation fault, at raft/raft.c:$(line_of e3)" "$tmp/out" && ok ||
	bad "a moved tree is built anew, also with a blank in its name"

put r1 'es[n].term = r->term;
es[n].index = li + 1 + i;'
lab sanitize r1
[ $status = 1 ] && grep -q "AddressSanitizer: stack-buffer-overflow, at raft/raft.c:$(line_of r1)" "$tmp/out" &&
	ok || bad "sanitize names the line that writes out of bounds"
cp raft/raft.c "$tree/raft/raft.c"
lab sanitize
[ $status = 0 ] && last_line_is PASS && ok || bad "the solution passes with sanitizers"

# --- gdb ---------------------------------------------------------------------------------

if command -v gdb >/dev/null; then
	put e5 'raft_send(r, &(struct raft_message){.to = m->to, .type = MSG_VOTE_RESP, .term = m->term});'
	lab gdb e5
	grep -q "^Breakpoint 1, step_vote" "$tmp/out" && grep -q "at raft/raft.c:$(line_of e5)$" "$tmp/out" && ok ||
		bad "gdb stops at the blank of a failing test"
else
	echo "there is no gdb here; ./raftLab_test.sh gdb was not checked"
fi

: >"$tmp/out"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
