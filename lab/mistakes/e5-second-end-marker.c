/* step: e5
 * wrong: has the marker of its end twice
 * met: a blank pasted together with its comments
 * verdict: tampered
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
/* RaftLab Election Step5 end */
