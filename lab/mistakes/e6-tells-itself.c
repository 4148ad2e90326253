/* step: e6
 * wrong: sends to itself, too
 * met: a loop over all members written by hand
 * verdict: fail
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr)
	raft_send_append(r, pr->id);
