/* step: e1
 * wrong: advances the leader's clock
 * met: copied from raft_tick_heartbeat below, the wrong one of two lines
 * verdict: fail
 */
r->heartbeat_elapsed++;
