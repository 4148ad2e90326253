/* step: e3
 * wrong: clears votes and clock by hand, and still knows a leader in a term that has none
 * met: who writes the reset anew
 * verdict: fail
 */
r->step = raft_step_candidate;
r->term++;
r->election_elapsed = 0;
raft_reset_randomized_election_timeout(r);
tracker_reset_votes(&r->trk);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
