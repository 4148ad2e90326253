/* step: e6
 * wrong: commits the first entry before anybody else has it
 * met: "the leader's entry is committed", said too early
 * verdict: fail
 */
raft_become_leader(r);
raft_log_commit_to(&r->raft_log, raft_log_last_index(&r->raft_log));
raft_bcast_append(r);
