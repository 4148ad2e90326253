/* step: e5
 * right: the same choice, written out
 */
enum raft_message_type type;

switch (m->type) {
case MSG_PRE_VOTE:
	type = MSG_PRE_VOTE_RESP;
	break;
default:
	type = MSG_VOTE_RESP;
}
raft_send(r, &(struct raft_message){.to = m->from, .term = m->term, .type = type});
