/* step: e6
 * wrong: waits for the votes of all: one node that is down stands in the way
 * met: "everybody has voted for us"
 * verdict: fail
 */
if (granted == (int)r->trk.progress.len) {
	raft_become_leader(r);
	raft_bcast_append(r);
}
