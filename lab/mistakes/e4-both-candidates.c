/* step: e4
 * wrong: ends as a pre-candidate of the new term
 * met: "first pre-candidate, then candidate", in the wrong order
 * verdict: fail
 */
raft_become_candidate(r);
raft_become_pre_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
