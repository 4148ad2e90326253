/* step: e5
 * wrong: answers for the term after the one asked for
 * met: "a pre-vote is for the next term"
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term + 1,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
