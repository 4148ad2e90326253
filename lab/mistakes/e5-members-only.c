/* step: e5
 * wrong: answers only members that it knows
 * met: "a stranger has no business here"; but who lags behind in the log does not know the newest member
 * verdict: fail
 */
if (tracker_get(&r->trk, m->from))
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
