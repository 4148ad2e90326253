/* step: r2
 * wrong: sends only to those who have all: nobody, right after an append
 * met: a condition turned round
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id && pr->match == raft_log_last_index(&r->raft_log))
		raft_send_append(r, pr->id);
}
