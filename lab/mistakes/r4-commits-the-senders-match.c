/* step: r4
 * wrong: tries with the progress of the sender in place of the quorum's
 * met: raft_maybe_commit written anew
 * verdict: fail
 */
if (raft_log_maybe_commit(
	    &r->raft_log, (struct entry_id){.term = r->term, .index = pr->match}))
	raft_bcast_append(r);
