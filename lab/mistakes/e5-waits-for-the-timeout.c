/* step: e5
 * wrong: answers only once its own timeout is over
 * met: leases, of which step_higher_term() has taken care
 * verdict: fail
 */
if (r->election_elapsed >= r->election_timeout)
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
