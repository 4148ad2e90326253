/* step: e3
 * wrong: campaigns from within, which becomes a candidate, which campaigns ...
 * met: "a candidate asks for votes" put where one becomes it
 * verdict: fail
 * ends: crash
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
raft_campaign(r, CAMPAIGN_ELECTION);
