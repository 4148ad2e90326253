/* step: e5
 * wrong: answers and leaves: the vote is not noted, so the next one gets it as well
 * met: the rejection above copied with its return
 * verdict: fail
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
return;
