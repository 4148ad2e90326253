/* step: r4
 * wrong: gives raft_maybe_commit() arguments that it does not take
 * met: the original's log.maybeCommit(index, term)
 * verdict: compile-error
 */
if (raft_maybe_commit(r, m->index, r->term))
	raft_bcast_append(r);
