/* step: e2
 * right: what raft_step() does with a MsgHup, and no more
 */
r->election_elapsed = 0;
raft_hup(r, r->pre_vote ? CAMPAIGN_PRE_ELECTION : CAMPAIGN_ELECTION);
