/* step: e1
 * wrong: advances the leader's clock as well
 * met: copied from raft_tick_heartbeat below, both lines
 * verdict: fail
 */
r->heartbeat_elapsed++;
r->election_elapsed++;
