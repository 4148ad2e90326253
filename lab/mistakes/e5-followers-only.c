/* step: e5
 * wrong: a candidate leaves pre-votes for a later term without an answer
 * met: "only followers vote", which is true of real votes
 * verdict: fail
 */
if (r->state == RAFT_STATE_FOLLOWER)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
