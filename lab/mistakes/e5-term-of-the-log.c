/* step: e5
 * wrong: answers for the term of the candidate's last entry
 * met: m->log_term for m->term
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->log_term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
