/* step: e5
 * wrong: the answer goes the way of the request
 * met: both ends copied from the request
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .from = m->from,
		     .to = m->to,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
