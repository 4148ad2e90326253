/* step: e4
 * wrong: asks for term 1
 * met: right for the first election
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = 1;
