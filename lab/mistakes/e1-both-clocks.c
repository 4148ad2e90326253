/* step: e1
 * wrong: advances the leader's clock as well
 * met: copied from raft_tick_heartbeat below, both lines
 * verdict: pass
 * proof: heartbeat_elapsed is read by raft_tick_heartbeat() alone, the leader's tick, and
 *        raft_become_leader() sets it to 0 by raft_reset()
 */
r->heartbeat_elapsed++;
r->election_elapsed++;
