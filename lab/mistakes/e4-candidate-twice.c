/* step: e4
 * wrong: becomes a candidate twice, two terms on
 * met: a line doubled by accident
 * verdict: fail
 */
raft_become_candidate(r);
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
