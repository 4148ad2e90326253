/* step: r2
 * wrong: sends nothing to a follower that was silent since the last check of the quorum
 * met: recent_active taken for "is there"
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id && pr->recent_active)
		raft_send_append(r, pr->id);
}
