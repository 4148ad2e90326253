/* step: e4
 * wrong: asks for the term after its own
 * met: copied from the branch above
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term + 1;
