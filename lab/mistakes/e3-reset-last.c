/* step: e3
 * wrong: sets everything, then resets
 * met: "clear up at the end"
 * verdict: fail
 */
r->state = RAFT_STATE_CANDIDATE;
r->vote = r->id;
r->tick = raft_tick_election;
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
