/* step: e3
 * wrong: takes itself for the leader
 * met: lead set as in raft_become_leader
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->lead = r->id;
r->state = RAFT_STATE_CANDIDATE;
