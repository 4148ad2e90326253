/* step: e3
 * wrong: r->term++ gives the old term, to which the reset then goes back
 * met: prefix and postfix mixed up
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term++);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
