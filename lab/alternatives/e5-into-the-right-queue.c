/* step: e5
 * right: what raft_send() does with this kind of message: it waits for the disk
 */
raft_messages_push(&r->msgs_after_append,
	&(struct raft_message){
		.from = r->id,
		.to = m->from,
		.term = m->term,
		.type = raft_vote_resp_msg_type(m->type),
	});
