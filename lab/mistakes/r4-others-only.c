/* step: r4
 * wrong: does not try when the leader itself has written the entry: a single node commits nothing
 * met: "one more follower has it"
 * verdict: fail
 */
if (m->from != r->id && raft_maybe_commit(r))
	raft_bcast_append(r);
