/* step: e1
 * wrong: counts only while a leader is known; a fresh node never campaigns
 * met: "time since the leader was heard of", taken at its word
 * verdict: fail
 */
if (r->lead != RAFT_NONE)
	r->election_elapsed++;
