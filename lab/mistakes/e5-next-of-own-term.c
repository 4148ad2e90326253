/* step: e5
 * wrong: answers for the term after its own, which is right for many a pre-vote
 * met: made to pass the test of the pre-vote
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->type == MSG_PRE_VOTE ? r->term + 1 : r->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
