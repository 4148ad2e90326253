/* step: e5
 * right: the message has a name, and all of its fields are written out
 */
struct raft_message yes = {
	.from = r->id,
	.to = m->from,
	.term = m->term,
	.type = raft_vote_resp_msg_type(m->type),
	.reject = false,
};

raft_send(r, &yes);
