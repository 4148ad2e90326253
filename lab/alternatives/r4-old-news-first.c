/* step: r4
 * right: an answer up to what is committed already cannot move the commit index
 */
if (m->index > r->raft_log.committed && raft_maybe_commit(r))
	raft_bcast_append(r);
