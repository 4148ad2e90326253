/* step: r4
 * wrong: commits nothing while leadership is being handed over
 * met: "a leader that goes takes nothing new"
 * verdict: fail
 */
if (r->lead_transferee == RAFT_NONE && raft_maybe_commit(r))
	raft_bcast_append(r);
