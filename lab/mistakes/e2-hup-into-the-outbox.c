/* step: e2
 * wrong: puts the MsgHup into the outbox, from where nobody hands it back
 * met: etcd's lab forum: "messages go into r.msgs"
 * verdict: fail
 */
struct raft_message hup = {.to = r->id, .from = r->id, .type = MSG_HUP};

r->election_elapsed = 0;
raft_messages_push(&r->msgs, &hup);
