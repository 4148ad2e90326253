/* step: e5
 * right: one long line that does not end
 */
raft_send(r,&(struct raft_message){.to=m->from,.term=m->term,.type=raft_vote_resp_msg_type(m->type)});