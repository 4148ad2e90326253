/* step: e1
 * wrong: campaigns by itself at the fixed timeout, which is the next step's work
 * met: TinyKV's tick() does all of it in one place
 * verdict: fail
 */
r->election_elapsed++;
if (r->election_elapsed >= r->election_timeout) {
	r->election_elapsed = 0;
	raft_campaign(r, CAMPAIGN_ELECTION);
}
