/* step: e5
 * wrong: steps the answer in its own state machine in place of sending it
 * met: raft_step of the second step, used again
 * verdict: fail
 */
raft_step(r, &(struct raft_message){
		     .from = r->id,
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
