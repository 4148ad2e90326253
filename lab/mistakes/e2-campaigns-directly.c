/* step: e2
 * wrong: calls raft_campaign(): no pre-vote, and no look at what forbids a campaign
 * met: the etcd lab's hint names campaign()
 * verdict: fail
 */
r->election_elapsed = 0;
raft_campaign(r, CAMPAIGN_ELECTION);
