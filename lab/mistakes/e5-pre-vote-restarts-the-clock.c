/* step: e5
 * wrong: starts the clock anew for a pre-vote, too
 * met: "granting a vote resets the timer", figure 2's rule for followers
 * verdict: fail
 */
r->election_elapsed = 0;
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
