/* step: e2
 * wrong: chooses the kind of campaign well, but skips the checks of raft_hup()
 * met: who has seen the pre-vote and not the membership change
 * verdict: fail
 */
r->election_elapsed = 0;
raft_campaign(r, r->pre_vote ? CAMPAIGN_PRE_ELECTION : CAMPAIGN_ELECTION);
