/* step: e5
 * right: all fields begin at zero
 */
struct raft_message yes;

memset(&yes, 0, sizeof yes);
yes.to = m->from;
yes.term = m->term;
yes.type = raft_vote_resp_msg_type(m->type);
raft_send(r, &yes);
