/* step: e3
 * wrong: calls the step function where its address is wanted
 * met: parentheses by habit
 * verdict: compile-error
 */
r->step = raft_step_candidate();
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
