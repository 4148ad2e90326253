/* step: e5
 * wrong: copies the receiver of the request, which is this node
 * met: the request copied field by field
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->to,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
