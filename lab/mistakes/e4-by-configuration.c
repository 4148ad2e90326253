/* step: e4
 * wrong: asks for pre-votes again when pre-vote is switched on
 * met: right only without pre-vote
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = r->pre_vote ? MSG_PRE_VOTE : MSG_VOTE;
term = r->term;
