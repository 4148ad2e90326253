/* step: e5
 * wrong: takes the field reject for "granted"
 * met: voteGranted of the paper's figure 2
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
		     .reject = grant,
	     });
