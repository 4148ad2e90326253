r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
