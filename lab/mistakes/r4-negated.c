/* step: r4
 * wrong: tells everybody when there is nothing to tell
 * met: a condition turned round
 * verdict: fail
 */
if (!raft_maybe_commit(r))
	raft_bcast_append(r);
