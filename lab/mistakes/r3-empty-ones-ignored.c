/* step: r3
 * wrong: handles nothing that brings no entries: commit indexes and probes get lost
 * met: "append entries", and there are none
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
if (m->entries.len > 0)
	raft_handle_append_entries(r, m);
