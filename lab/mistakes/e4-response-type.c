/* step: e4
 * wrong: sends the answer in place of the request
 * met: one enumerator for another; the self-addressed answer below confuses
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE_RESP;
term = r->term;
