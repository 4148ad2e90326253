/* step: e6
 * wrong: takes everybody for active before anybody has answered
 * met: "they have just voted"
 * verdict: fail
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr)
	pr->recent_active = true;
raft_bcast_append(r);
