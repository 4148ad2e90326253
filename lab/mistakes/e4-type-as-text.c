/* step: e4
 * wrong: gives the message's type as a text
 * met: who has read it in a log line
 * verdict: compile-error
 */
raft_become_candidate(r);
vote_msg = "MsgVote";
term = r->term;
