/* step: e6
 * right: there is: everybody lacks the leader's first entry
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr) {
	if (pr->id == r->id)
		continue;
	raft_maybe_send_append(r, pr->id, false);
}
