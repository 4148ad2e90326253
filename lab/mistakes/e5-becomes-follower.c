/* step: e5
 * wrong: takes the candidate for the leader
 * met: raft_become_follower called wherever a term comes in
 * verdict: fail
 */
raft_become_follower(r, m->term, m->from);
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
