/* step: r3
 * wrong: commits as far as the leader has, also beyond the entries that came
 * met: figure 2's min(leaderCommit, index of last new entry), without the min
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
raft_log_commit_to(&r->raft_log, m->commit);
