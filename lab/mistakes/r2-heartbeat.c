/* step: r2
 * wrong: sends heartbeats
 * met: "heartbeats carry the entries" in the paper, which etcd's do not
 * verdict: fail
 */
raft_bcast_heartbeat(r);
