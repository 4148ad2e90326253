/* step: e3
 * right: sets again what the reset has set
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->lead = RAFT_NONE;
r->election_elapsed = 0;
tracker_reset_votes(&r->trk);
raft_reset_randomized_election_timeout(r);
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
