/* step: r4
 * right: the condition turned round, and the branches as well
 */
if (!raft_maybe_commit(r)) {
	/* nothing to tell */
} else {
	raft_bcast_append(r);
}
