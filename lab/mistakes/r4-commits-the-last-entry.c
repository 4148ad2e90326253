/* step: r4
 * wrong: commits all that the leader has
 * met: the leader's log taken for the cluster's
 * verdict: fail
 */
raft_index last = raft_log_last_index(&r->raft_log);

if (last > r->raft_log.committed) {
	raft_log_commit_to(&r->raft_log, last);
	raft_bcast_append(r);
}
