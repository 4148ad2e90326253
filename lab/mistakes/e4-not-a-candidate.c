/* step: e4
 * wrong: asks for votes without being a candidate
 * met: "raft_hup has done that", it has not
 * verdict: fail
 */
vote_msg = MSG_VOTE;
term = r->term;
