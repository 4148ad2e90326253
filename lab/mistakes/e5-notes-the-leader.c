/* step: e5
 * wrong: takes the candidate for the leader
 * met: vote and leader taken for one thing
 * verdict: fail
 */
r->lead = m->from;
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
