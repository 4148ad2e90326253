/* step: e4
 * wrong: reads the term before it becomes a candidate of the next one
 * met: statements in an order that seemed as good as any
 * verdict: fail
 */
term = r->term;
raft_become_candidate(r);
vote_msg = MSG_VOTE;
