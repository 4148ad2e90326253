/* step: e3
 * wrong: clears all by hand, but for the votes counted in the last election
 * met: who writes the reset anew and overlooks the tracker
 * verdict: fail
 */
r->step = raft_step_candidate;
r->term++;
r->lead = RAFT_NONE;
r->election_elapsed = 0;
raft_reset_randomized_election_timeout(r);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
