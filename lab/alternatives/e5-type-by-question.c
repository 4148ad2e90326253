/* step: e5
 * right: the same choice as raft_vote_resp_msg_type()
 */
raft_send(r, &(struct raft_message){
		     .type = m->type == MSG_VOTE ? MSG_VOTE_RESP : MSG_PRE_VOTE_RESP,
		     .term = m->term,
		     .to = m->from,
	     });
