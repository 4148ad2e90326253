/* step: e5
 * wrong: puts the answer where messages leave at once: the vote is promised before it is on disk
 * met: TinyKV and the etcd lab, where there is one outbox, r.msgs
 * verdict: fail
 */
struct raft_message yes = {
	.from = r->id,
	.to = m->from,
	.term = m->term,
	.type = raft_vote_resp_msg_type(m->type),
};

raft_messages_push(&r->msgs, &yes);
