/* step: e5
 * wrong: does not answer a candidate that asks again because the answer was lost
 * met: "only if not voted yet", which the code above has looked at
 * verdict: fail
 */
if (r->vote == RAFT_NONE)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
