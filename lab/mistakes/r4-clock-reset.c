/* step: r4
 * wrong: starts the leader's clock anew with each answer
 * met: "somebody is there"
 * verdict: fail
 */
r->election_elapsed = 0;
if (raft_maybe_commit(r))
	raft_bcast_append(r);
