/* step: e5
 * wrong: notes the vote for a pre-vote, too
 * met: the line below the blank pulled up, without its condition
 * verdict: fail
 */
r->vote = m->from;
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
