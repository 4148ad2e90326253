/* step: r2
 * wrong: does not send what a follower has forwarded
 * met: a condition on the wrong field
 * verdict: fail
 */
if (m->from == r->id)
	raft_bcast_append(r);
