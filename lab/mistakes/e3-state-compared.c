/* step: e3
 * wrong: compares the state where it should assign it
 * met: beginners in C
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state == RAFT_STATE_CANDIDATE;
