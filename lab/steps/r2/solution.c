raft_bcast_append(r);
