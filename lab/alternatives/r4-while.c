/* step: r4
 * right: the second time there is nothing left to commit
 */
while (raft_maybe_commit(r))
	raft_bcast_append(r);
