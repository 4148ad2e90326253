/* step: e3
 * wrong: takes in messages as a leader
 * met: raft_become_leader copied
 * verdict: fail
 */
r->step = raft_step_leader;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
