/* step: r4
 * wrong: tries only if the answer is for the very next entry
 * met: right while entries are proposed one by one
 * verdict: fail
 */
if (m->index == r->raft_log.committed + 1 && raft_maybe_commit(r))
	raft_bcast_append(r);
