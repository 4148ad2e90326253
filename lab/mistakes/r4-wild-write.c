/* step: r4
 * wrong: writes where it should not
 * met: an index used as a pointer
 * verdict: fail
 * ends: crash
 */
if (raft_maybe_commit(r))
	raft_bcast_append(r);
*(volatile char *)m->index = 1;
