/* step: e5
 * wrong: answers the leader, of whom there is none
 * met: "tell the leader", as with everything else
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = r->lead,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
