/* step: e4
 * wrong: misspells a field
 * met: everyone, now and then
 * verdict: compile-error
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->current_term;
