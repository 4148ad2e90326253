/* step: r4
 * wrong: tells nothing to a follower that is being probed
 * met: progress.h read halfway
 * verdict: fail
 */
if (raft_maybe_commit(r)) {
	tracker_for_each(&r->trk, other) {
		if (other->id != r->id && other->state == RAFT_PROGRESS_REPLICATE)
			raft_send_append(r, other->id);
	}
}
