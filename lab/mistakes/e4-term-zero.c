/* step: e4
 * wrong: asks for term 0, as if raft_send() filled it in
 * met: raft_send() does so for all messages but these
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = 0;
