/* step: e4
 * wrong: leaves the term as garbage
 * met: the compiler warns: may be used uninitialized
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
