/* step: r4
 * wrong: says that all it has committed is applied
 * met: "committed, so apply": the application does that
 * verdict: fail
 */
if (raft_maybe_commit(r)) {
	raft_applied_to(r, r->raft_log.committed, 0);
	raft_bcast_append(r);
}
