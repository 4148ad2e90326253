if (raft_maybe_commit(r))
	raft_bcast_append(r);
