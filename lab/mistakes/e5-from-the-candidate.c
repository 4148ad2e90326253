/* step: e5
 * wrong: answers in the name of the candidate
 * met: the request's sender copied as the answer's
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .from = m->from,
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
