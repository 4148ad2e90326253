/* step: r3
 * wrong: leaves the switch before the entries are handled
 * met: a break left over from debugging
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
if (r->lead == m->from)
	break;
raft_handle_append_entries(r, m);
