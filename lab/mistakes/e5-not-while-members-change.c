/* step: e5
 * wrong: gives no vote while members change
 * met: "who may vote is not settled yet"
 * verdict: fail
 */
if (r->trk.config.voters.v[1].len == 0)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
