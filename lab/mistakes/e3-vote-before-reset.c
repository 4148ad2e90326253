/* step: e3
 * wrong: votes before the reset, which clears the vote
 * met: the settings in an order that seemed as good as any
 * verdict: fail
 */
r->step = raft_step_candidate;
r->vote = r->id;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->state = RAFT_STATE_CANDIDATE;
