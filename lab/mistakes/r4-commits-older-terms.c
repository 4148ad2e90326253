/* step: r4
 * wrong: commits entries of older terms by counting: figure 8
 * met: the term's check left out, in every lab of Raft
 * verdict: fail
 */
raft_index quorum = tracker_committed(&r->trk);

if (quorum > r->raft_log.committed) {
	raft_log_commit_to(&r->raft_log, quorum);
	raft_bcast_append(r);
}
