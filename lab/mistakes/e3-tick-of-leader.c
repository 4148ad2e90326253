/* step: e3
 * wrong: ticks like a leader: an election that comes to nothing is never repeated
 * met: raft_become_leader copied
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_heartbeat;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
