/* step: e5
 * wrong: sends the answer twice
 * met: a line doubled by accident
 * verdict: fail
 */
for (int times = 0; times < 2; times++)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
