/* step: r4
 * wrong: tells only those who have the whole log
 * met: "the others have to catch up first"
 * verdict: fail
 */
if (raft_maybe_commit(r) && pr->match == raft_log_last_index(&r->raft_log))
	raft_bcast_append(r);
