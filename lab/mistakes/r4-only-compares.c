/* step: r4
 * wrong: looks whether the commit index has moved, and nothing has moved it
 * met: the variable above the blank misunderstood
 * verdict: fail
 */
if (r->raft_log.committed != committed)
	raft_bcast_append(r);
