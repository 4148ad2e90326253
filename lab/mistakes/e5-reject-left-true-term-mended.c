/* step: e5
 * wrong: says no, in the right term
 * met: the rejection above copied and mended in one of two lines
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
		     .reject = true,
	     });
