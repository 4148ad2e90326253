/* step: e3
 * wrong: uses the original's name of the state
 * met: etcd's lab texts: StateCandidate
 * verdict: compile-error
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = StateCandidate;
