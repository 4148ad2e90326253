/* step: e5
 * wrong: enters the term that a pre-vote only asks about
 * met: figure 2's rule for all servers applied to all messages
 * verdict: fail
 */
r->term = m->term;
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
