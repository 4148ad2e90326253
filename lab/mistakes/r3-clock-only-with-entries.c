/* step: r3
 * wrong: an empty MsgApp does not start the clock anew
 * met: "an empty one is a heartbeat, and that has a case of its own"
 * verdict: fail
 */
if (m->entries.len > 0)
	r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
