/* step: e3
 * wrong: switches the ticks off while it is a candidate
 * met: "an election has no timeout"
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = NULL;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
