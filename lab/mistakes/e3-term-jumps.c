/* step: e3
 * wrong: goes two terms on
 * met: "to be ahead of the others"
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 2);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
