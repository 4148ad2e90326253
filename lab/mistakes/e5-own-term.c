/* step: e5
 * wrong: answers in its own term, which in a pre-vote is not the one asked for
 * met: the rejection above copied; right for real votes
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = r->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
