/* step: e1
 * wrong: a learner's clock stands still: with check_quorum it never believes that its leader is
 *        lost
 * met: "who cannot campaign needs no clock"
 * verdict: fail
 */
if (raft_promotable(r))
	r->election_elapsed++;
