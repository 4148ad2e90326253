/* step: e4
 * wrong: becomes a candidate after the term was read
 * met: "first say what to send, then change"
 * verdict: fail
 */
vote_msg = MSG_VOTE;
term = r->term;
raft_become_candidate(r);
