/* step: e5
 * wrong: the closing brace of the message is missing
 * met: everyone, now and then
 * verdict: compile-error
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     );
