/* step: e5
 * wrong: tells the whole cluster
 * met: "let everybody know", from another step
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id)
		raft_send(r, &(struct raft_message){
				     .to = pr->id,
				     .term = m->term,
				     .type = raft_vote_resp_msg_type(m->type),
			     });
}
