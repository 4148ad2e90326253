/* step: e6
 * wrong: takes everybody's log for its own and probes nobody
 * met: nextIndex and matchIndex of figure 2 mixed up
 * verdict: fail
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id)
		progress_become_replicate(pr);
}
raft_bcast_append(r);
