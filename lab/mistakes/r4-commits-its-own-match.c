/* step: r4
 * wrong: tries with the leader's own progress
 * met: raft_maybe_commit written anew
 * verdict: fail
 */
struct entry_id own = {.term = r->term, .index = tracker_get(&r->trk, r->id)->match};

if (raft_log_maybe_commit(&r->raft_log, own))
	raft_bcast_append(r);
