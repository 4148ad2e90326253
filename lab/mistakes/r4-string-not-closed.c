/* step: r4
 * wrong: a text is not closed
 * met: everyone, now and then
 * verdict: compile-error
 */
if (raft_maybe_commit(r)) {
	puts("committed);
	raft_bcast_append(r);
}
