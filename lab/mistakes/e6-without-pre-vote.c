/* step: e6
 * wrong: leads only if pre-vote is switched off
 * met: the condition around the blank misunderstood
 * verdict: fail
 */
if (!r->pre_vote) {
	raft_become_leader(r);
	raft_bcast_append(r);
}
