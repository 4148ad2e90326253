/* step: e4
 * wrong: is the branch of the pre-vote
 * met: copied whole
 * verdict: fail
 */
raft_become_pre_candidate(r);
vote_msg = MSG_PRE_VOTE;
term = r->term + 1;
