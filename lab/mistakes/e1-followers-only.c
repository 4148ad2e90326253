/* step: e1
 * wrong: a candidate's clock stands still, so that it never tries again
 * met: the word "follower" in the step's text, read too narrowly
 * verdict: fail
 */
if (r->state == RAFT_STATE_FOLLOWER)
	r->election_elapsed++;
