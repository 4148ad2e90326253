/* step: e4
 * wrong: changes what the code below still asks for: a handover is not called one any more
 * met: "from here on it is a real election"
 * verdict: fail
 */
t = CAMPAIGN_ELECTION;
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
