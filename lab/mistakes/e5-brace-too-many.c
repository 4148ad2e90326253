/* step: e5
 * wrong: closes the function that the blank stands in
 * met: braces counted in the wrong place
 * verdict: compile-error
 */
raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     });
}
