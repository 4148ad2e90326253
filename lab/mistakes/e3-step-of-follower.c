/* step: e3
 * wrong: takes in messages as a follower, so that votes are not counted
 * met: raft_become_follower copied
 * verdict: fail
 */
r->step = raft_step_follower;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
