/* step: e5
 * wrong: says no to a pre-vote for a later term because the vote of this term is given
 * met: "one vote in a term", decided a second time and without the exceptions
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
		     .reject = r->vote != RAFT_NONE && r->vote != m->from,
	     });
