/* step: e5
 * right: does what comes behind the blank, where it comes again
 */
if (m->type == MSG_VOTE) {
	r->vote = m->from;
	r->election_elapsed = 0;
}
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
