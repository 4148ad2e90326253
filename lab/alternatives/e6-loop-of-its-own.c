/* step: e6
 * right: raft_bcast_append() written out
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id)
		raft_send_append(r, pr->id);
}
