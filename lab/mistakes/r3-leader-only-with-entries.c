/* step: r3
 * wrong: an empty MsgApp does not tell it who leads
 * met: "an empty one is a heartbeat, and that has a case of its own"
 * verdict: fail
 */
r->election_elapsed = 0;
if (m->entries.len > 0)
	r->lead = m->from;
raft_handle_append_entries(r, m);
