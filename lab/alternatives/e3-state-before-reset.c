/* step: e3
 * right: the reset does not look at the state
 */
r->state = RAFT_STATE_CANDIDATE;
r->step = raft_step_candidate;
r->tick = raft_tick_election;
raft_reset(r, r->term + 1);
r->vote = r->id;
