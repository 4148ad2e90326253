/* step: r3
 * wrong: commits beyond the last new entry, as far as its own log goes
 * met: the min taken with the wrong number
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
raft_log_commit_to(&r->raft_log, RAFT_MIN(m->commit, raft_log_last_index(&r->raft_log)));
