/* step: e5
 * right: grant is true here
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
		     .reject = !grant,
	     });
