/* step: e6
 * wrong: sends heartbeats on top
 * met: "better safe than sorry"
 * verdict: fail
 */
raft_become_leader(r);
raft_bcast_append(r);
raft_bcast_heartbeat(r);
