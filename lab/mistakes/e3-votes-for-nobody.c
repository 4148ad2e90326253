/* step: e3
 * wrong: says that it has not voted
 * met: "the vote is cast when the requests go out"
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = RAFT_NONE;
r->state = RAFT_STATE_CANDIDATE;
