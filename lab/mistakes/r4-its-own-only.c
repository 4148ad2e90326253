/* step: r4
 * wrong: tries only when the leader itself has written the entry
 * met: a condition turned round
 * verdict: fail
 */
if (m->from == r->id && raft_maybe_commit(r))
	raft_bcast_append(r);
