/* step: e2
 * wrong: campaigns as if the leader had asked for it, which overrides leases
 * met: the enumeration's last value picked
 * verdict: fail
 */
r->election_elapsed = 0;
raft_hup(r, CAMPAIGN_TRANSFER);
