/* step: r4
 * wrong: tries twice and looks at the second result, which is always no
 * met: a call added for clarity
 * verdict: fail
 */
raft_maybe_commit(r);
if (raft_maybe_commit(r))
	raft_bcast_append(r);
