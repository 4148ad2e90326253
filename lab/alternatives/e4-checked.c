/* step: e4
 * right: the check never fails
 */
raft_become_candidate(r);
if (r->state != RAFT_STATE_CANDIDATE)
	return;
vote_msg = MSG_VOTE;
term = r->term;
