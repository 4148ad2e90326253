/* step: r4
 * wrong: commits only if a quorum was heard of lately
 * met: two kinds of quorum mixed up
 * verdict: fail
 */
if (tracker_quorum_active(&r->trk) && raft_maybe_commit(r))
	raft_bcast_append(r);
