/* step: e4
 * wrong: asks for the term of the last entry
 * met: two terms in a request for a vote, mixed up
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = raft_log_last_entry_id(&r->raft_log).term;
