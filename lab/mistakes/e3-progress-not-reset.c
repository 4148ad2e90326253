/* step: e3
 * wrong: clears by hand, and leaves out what belongs to leaders
 * met: who writes the reset anew
 * verdict: pass
 * proof: what is left out (progress, transfer, reads, sizes, the leader's clock) is read by
 *        leaders alone, and raft_become_leader() resets it
 */
r->step = raft_step_candidate;
r->term++;
r->lead = RAFT_NONE;
r->election_elapsed = 0;
raft_reset_randomized_election_timeout(r);
tracker_reset_votes(&r->trk);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
