/* step: e4
 * right: a local variable in between
 */
const raft_term before = r->term;

raft_become_candidate(r);
term = before + 1;
vote_msg = MSG_VOTE;
