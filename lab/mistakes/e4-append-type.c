/* step: e4
 * wrong: sends a MsgApp in place of a request for a vote
 * met: one enumerator for another
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_APP;
term = r->term;
