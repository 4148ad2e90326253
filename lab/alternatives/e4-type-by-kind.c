/* step: e4
 * right: in this branch the kind of campaign is never a pre-election
 */
raft_become_candidate(r);
vote_msg = t == CAMPAIGN_PRE_ELECTION ? MSG_PRE_VOTE : MSG_VOTE;
term = r->term;
