/* step: r4
 * wrong: a semicolon ends the condition, and the broadcast is always made
 * met: everyone, now and then; the compiler warns
 * verdict: fail
 */
if (raft_maybe_commit(r));
	raft_bcast_append(r);
