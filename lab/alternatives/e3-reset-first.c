/* step: e3
 * right: the vote is set after the reset; all else may come in any order
 */
raft_reset(r, r->term + 1);
r->state = RAFT_STATE_CANDIDATE;
r->vote = r->id;
r->tick = raft_tick_election;
r->step = raft_step_candidate;
