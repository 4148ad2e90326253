/* step: r4
 * wrong: commits one entry less than a quorum has
 * met: off by one
 * verdict: fail
 */
struct entry_id at = {.term = r->term, .index = tracker_committed(&r->trk) - 1};

if (at.index != (raft_index)-1 && raft_log_maybe_commit(&r->raft_log, at))
	raft_bcast_append(r);
