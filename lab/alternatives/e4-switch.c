/* step: e4
 * right: both kinds of campaign that come here
 */
switch (t) {
case CAMPAIGN_ELECTION:
case CAMPAIGN_TRANSFER:
	raft_become_candidate(r);
	break;
default:
	return;
}
vote_msg = MSG_VOTE;
term = r->term;
