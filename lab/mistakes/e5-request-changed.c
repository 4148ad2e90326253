/* step: e5
 * wrong: writes the answer into the request, which is const
 * met: MIT 6.5840, where reply is an argument
 * verdict: compile-error
 */
m->to = m->from;
m->type = raft_vote_resp_msg_type(m->type);
raft_send(r, m);
