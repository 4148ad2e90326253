/* step: r4
 * wrong: does not look at the answer of a follower that still needs a snapshot
 * met: progress.h read halfway
 * verdict: pass
 * proof: the code above leaves nobody probing, and one in the state of a snapshot lacks entries
 *        from before the log's first one; these are committed, so that its answer cannot move the
 *        commit index
 */
if (pr->state == RAFT_PROGRESS_REPLICATE && raft_maybe_commit(r))
	raft_bcast_append(r);
