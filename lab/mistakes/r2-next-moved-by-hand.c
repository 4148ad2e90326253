/* step: r2
 * wrong: notes that everybody was sent the entries, and sends nothing
 * met: progress updated before the message, the message forgotten
 * verdict: fail
 */
tracker_for_each(&r->trk, pr)
	pr->next = raft_log_last_index(&r->raft_log) + 1;
