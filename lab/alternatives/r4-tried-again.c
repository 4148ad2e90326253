/* step: r4
 * right: the second time there is nothing left to commit
 */
if (raft_maybe_commit(r))
	raft_bcast_append(r);
if (raft_maybe_commit(r))
	raft_bcast_append(r);
