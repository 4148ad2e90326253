/* step: r4
 * right: a learner's answer cannot move the commit index
 */
if (!pr->is_learner && raft_maybe_commit(r))
	raft_bcast_append(r);
