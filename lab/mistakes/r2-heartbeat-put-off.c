/* step: r2
 * wrong: puts the next heartbeat off
 * met: "a MsgApp is as good as a heartbeat"
 * verdict: fail
 */
r->heartbeat_elapsed = 0;
raft_bcast_append(r);
