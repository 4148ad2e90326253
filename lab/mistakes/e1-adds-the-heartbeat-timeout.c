/* step: e1
 * wrong: advances the clock by heartbeat_timeout
 * met: right while that is one tick, as it is by default
 * verdict: fail
 */
r->election_elapsed += r->heartbeat_timeout;
