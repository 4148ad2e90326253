/* step: e5
 * wrong: leaves pre-votes without an answer
 * met: the condition below the blank copied
 * verdict: fail
 */
if (m->type == MSG_VOTE)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
