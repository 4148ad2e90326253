/* step: r3
 * wrong: listens only to terms above its own: raft_step() has seen to these, none is left
 * met: figure 2's rule for all servers, written where it has been done
 * verdict: fail
 */
if (m->term > r->term) {
	r->election_elapsed = 0;
	r->lead = m->from;
	raft_handle_append_entries(r, m);
}
