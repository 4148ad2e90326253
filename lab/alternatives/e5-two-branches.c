/* step: e5
 * right: one answer for each kind of request; for a real vote both terms are the same
 */
if (m->type == MSG_PRE_VOTE)
	raft_send(r, &(struct raft_message){
			     .to = m->from, .term = m->term, .type = MSG_PRE_VOTE_RESP});
else
	raft_send(r, &(struct raft_message){
			     .to = m->from, .term = r->term, .type = MSG_VOTE_RESP});
