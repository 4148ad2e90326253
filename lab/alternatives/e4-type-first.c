/* step: e4
 * right: the type does not depend on the role
 */
vote_msg = MSG_VOTE;
raft_become_candidate(r);
term = r->term;
