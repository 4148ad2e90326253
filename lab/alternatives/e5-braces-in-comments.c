/* step: e5
 * right: what looks like braces, quotes and markers in comments and texts is none
 */
/* } don't count " this { */
const char *why = "} /* nor this */ \" {";
char brace = '}';

raft_send(r, &(struct raft_message){
		     .to = m->from,
		     .term = m->term,
		     .type = raft_vote_resp_msg_type(m->type),
	     }); // RaftLab: done :-)
(void)why, (void)brace;
