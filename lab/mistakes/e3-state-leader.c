/* step: e3
 * wrong: calls itself the leader before anybody has voted
 * met: one enumerator for another
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_LEADER;
