/* step: r3
 * wrong: starts the clock anew only when there was something new
 * met: "a leader that brings nothing is of no use"
 * verdict: fail
 */
raft_index last = raft_log_last_index(&r->raft_log);

r->lead = m->from;
raft_handle_append_entries(r, m);
if (raft_log_last_index(&r->raft_log) > last)
	r->election_elapsed = 0;
