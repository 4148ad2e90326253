/* step: r2
 * wrong: commits what nobody else has
 * met: who takes a leader's word for a majority
 * verdict: fail
 */
raft_log_commit_to(&r->raft_log, raft_log_last_index(&r->raft_log));
raft_bcast_append(r);
