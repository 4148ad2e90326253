/* step: e3
 * right: commas in place of semicolons
 */
raft_reset(r, r->term + 1), r->step = raft_step_candidate, r->tick = raft_tick_election;
r->vote = r->id, r->state = RAFT_STATE_CANDIDATE;
