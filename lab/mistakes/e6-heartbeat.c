/* step: e6
 * wrong: sends heartbeats, which do not bring the first entry along
 * met: the paper's section 5.2 speaks of heartbeats
 * verdict: fail
 */
raft_become_leader(r);
raft_bcast_heartbeat(r);
