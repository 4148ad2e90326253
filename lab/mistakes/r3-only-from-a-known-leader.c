/* step: r3
 * wrong: listens only to a leader it knows already: never to the first message
 * met: a check against strangers
 * verdict: fail
 */
if (m->from == r->lead) {
	r->election_elapsed = 0;
	raft_handle_append_entries(r, m);
}
