raft_become_leader(r);
raft_bcast_append(r);
