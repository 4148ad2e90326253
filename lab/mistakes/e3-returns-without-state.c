/* step: e3
 * wrong: returns before the last setting
 * met: a return left over from debugging
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
if (r->vote == r->id)
	return;
r->state = RAFT_STATE_CANDIDATE;
