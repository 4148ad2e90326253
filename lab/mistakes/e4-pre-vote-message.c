/* step: e4
 * wrong: asks for pre-votes in the real election
 * met: copied from the branch above
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_PRE_VOTE;
term = r->term;
