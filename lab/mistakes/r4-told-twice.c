/* step: r4
 * wrong: tells everybody twice
 * met: a line doubled by accident
 * verdict: fail
 */
if (raft_maybe_commit(r)) {
	raft_bcast_append(r);
	raft_bcast_append(r);
}
