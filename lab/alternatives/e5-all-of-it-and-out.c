/* step: e5
 * right: does what comes behind the blank, and leaves
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
if (m->type != MSG_VOTE)
	return;
r->vote = m->from;
r->election_elapsed = 0;
return;
