/* step: e1
 * wrong: does not count past the node's random timeout
 * met: who fears an overflow of the counter
 * verdict: pass
 * proof: the clock is only compared with randomized_election_timeout (>=) and, in in_lease(), with
 *        election_timeout (<), which is never above it; past the former both answers stay the
 *        same, and raft_reset(), which draws a new timeout, starts the clock anew
 */
if (r->election_elapsed < r->randomized_election_timeout)
	r->election_elapsed++;
