/* step: r3
 * wrong: listens only if the entry before is of this term
 * met: m->log_term for m->term
 * verdict: fail
 */
if (m->log_term == r->term) {
	r->election_elapsed = 0;
	r->lead = m->from;
	raft_handle_append_entries(r, m);
}
