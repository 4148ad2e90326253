/* step: e6
 * wrong: leads, and tells nobody before the first heartbeat
 * met: heartbeats hide it
 * verdict: fail
 */
raft_become_leader(r);
