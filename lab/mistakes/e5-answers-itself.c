/* step: e5
 * wrong: sends the answer to itself
 * met: "to" and "from" of request and answer mixed up
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = r->id,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
