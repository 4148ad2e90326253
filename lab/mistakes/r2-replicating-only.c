/* step: r2
 * wrong: sends nothing to a follower that is being probed
 * met: progress.h read halfway
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id && pr->state == RAFT_PROGRESS_REPLICATE)
		raft_send_append(r, pr->id);
}
