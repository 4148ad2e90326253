/* step: e6
 * wrong: leads when there are two votes
 * met: right for three nodes only
 * verdict: fail
 */
if (granted == 2) {
	raft_become_leader(r);
	raft_bcast_append(r);
}
