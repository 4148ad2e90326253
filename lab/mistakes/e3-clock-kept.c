/* step: e3
 * wrong: lets the clock run on across the beginning of the term
 * met: "only a tick may change the clock"
 * verdict: fail
 */
int elapsed = r->election_elapsed;

r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
r->election_elapsed = elapsed;
