/* step: r4
 * right: the commit index before the blank is at hand
 */
raft_maybe_commit(r);
if (r->raft_log.committed > committed)
	raft_bcast_append(r);
