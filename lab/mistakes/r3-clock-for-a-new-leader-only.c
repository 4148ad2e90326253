/* step: r3
 * wrong: starts the clock anew only when the leader is new to it
 * met: "nothing has changed" if it is not
 * verdict: fail
 */
if (r->lead != m->from)
	r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
