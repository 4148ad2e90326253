/* step: r4
 * wrong: commits whatever one follower has
 * met: the sender's index taken for the quorum's
 * verdict: fail
 */
if (m->index > r->raft_log.committed) {
	raft_log_commit_to(&r->raft_log, m->index);
	raft_bcast_append(r);
}
