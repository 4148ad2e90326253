/* step: r4
 * right: raft_maybe_commit() and raft_bcast_append() written out
 */
struct entry_id at = {.term = r->term, .index = tracker_committed(&r->trk)};

if (raft_log_maybe_commit(&r->raft_log, at)) {
	tracker_for_each(&r->trk, other) {
		if (other->id != r->id)
			raft_send_append(r, other->id);
	}
}
