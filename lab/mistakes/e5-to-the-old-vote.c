/* step: e5
 * wrong: answers whom it voted for; the vote is noted only behind the blank
 * met: "the vote goes to r->vote"; right when a lost answer is repeated
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = r->vote,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
