/* step: e5
 * wrong: says no, and remembers a yes
 * met: the rejection above copied and not mended
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = r->term,
		     .type = raft_vote_resp_msg_type(m->type),
		     .reject = true,
	     });
