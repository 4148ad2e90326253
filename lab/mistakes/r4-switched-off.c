/* step: r4
 * wrong: is switched off
 * met: a try that is put aside
 * verdict: not-filled
 */
#if 0
if (raft_maybe_commit(r))
	raft_bcast_append(r);
#endif
