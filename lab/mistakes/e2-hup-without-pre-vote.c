/* step: e2
 * wrong: calls raft_hup() for a real election, whatever the configuration says
 * met: right only without pre-vote
 * verdict: fail
 */
r->election_elapsed = 0;
raft_hup(r, CAMPAIGN_ELECTION);
