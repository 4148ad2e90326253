/* step: e1
 * wrong: the clock stands still while a snapshot waits to be saved
 * met: half of raft_promotable() written into the wrong place
 * verdict: fail
 */
if (!raft_log_has_next_or_in_progress_snapshot(&r->raft_log))
	r->election_elapsed++;
