/* step: e5
 * right: a macro for the whole answer, over several lines
 */
#define ANSWER(to_, term_, type_)                                                                  \
	raft_send(r, &(struct raft_message){                                                       \
			     .to = (to_), .term = (term_), .type = (type_)})

ANSWER(m->from, m->term, raft_vote_resp_msg_type(m->type));
