/* step: e4
 * right: the next term, read before the candidate enters it
 */
term = r->term + 1;
raft_become_candidate(r);
vote_msg = MSG_VOTE;
