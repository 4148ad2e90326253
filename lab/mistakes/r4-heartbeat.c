/* step: r4
 * wrong: tells it by heartbeats
 * met: "heartbeats carry the commit index", and so they do, but not always all of it
 * verdict: fail
 */
if (raft_maybe_commit(r))
	raft_bcast_heartbeat(r);
