/* step: r2
 * wrong: sends only if something has been committed, which nothing can have been
 * met: Replication Step4 copied
 * verdict: fail
 */
if (raft_maybe_commit(r))
	raft_bcast_append(r);
