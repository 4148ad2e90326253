/* step: e3
 * wrong: calls abort()
 * met: an assertion of one's own that does not hold
 * verdict: fail
 * ends: crash
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
if (r->trk.votes.len == 0)
	abort();
