/* step: e4
 * right: blocks within blocks
 */
{
	raft_become_candidate(r);
	{
		vote_msg = MSG_VOTE;
		{ term = r->term; }
	}
}
