/* step: e4
 * wrong: asks for a term that is an index
 * met: the fields mixed up
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = raft_log_last_index(&r->raft_log) + 1;
