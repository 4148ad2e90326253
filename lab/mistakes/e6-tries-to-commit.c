/* step: e6
 * wrong: tries to commit, which is for later
 * met: "a single node has a quorum by itself"
 * verdict: pass
 * proof: raft_become_leader() has set every other match to 0 and its own to the last entry before
 *        the new one; that is of an older term, and raft_log_maybe_commit() commits none but
 *        r->term's
 */
raft_become_leader(r);
raft_maybe_commit(r);
raft_bcast_append(r);
