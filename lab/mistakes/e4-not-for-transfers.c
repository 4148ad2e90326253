/* step: e4
 * wrong: forgets the third kind of campaign
 * met: the enumeration not read to its end
 * verdict: fail
 */
if (t == CAMPAIGN_ELECTION) {
	raft_become_candidate(r);
	vote_msg = MSG_VOTE;
	term = r->term;
} else {
	return;
}
