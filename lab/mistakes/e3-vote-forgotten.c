/* step: e3
 * wrong: votes for nobody, so that it can still vote for another in its own term
 * met: five settings, one overlooked
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->state = RAFT_STATE_CANDIDATE;
