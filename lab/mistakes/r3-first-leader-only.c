/* step: r3
 * wrong: notes the leader only if it knows none
 * met: a check that looks careful
 * verdict: pass
 * proof: within a term r->lead goes from RAFT_NONE to its one leader, and every new term sets it
 *        to RAFT_NONE or to the sender (raft_reset, raft_become_follower); so if it is set it is
 *        m->from
 */
r->election_elapsed = 0;
if (r->lead == RAFT_NONE)
	r->lead = m->from;
raft_handle_append_entries(r, m);
