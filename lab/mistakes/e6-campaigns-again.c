/* step: e6
 * wrong: answers a won election by another campaign
 * met: the branch of the pre-vote above copied
 * verdict: fail
 */
raft_campaign(r, CAMPAIGN_ELECTION);
