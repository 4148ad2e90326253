/* step: e2
 * right: the message has a name
 */
struct raft_message hup = {.from = r->id, .type = MSG_HUP};

r->election_elapsed = 0;
raft_step(r, &hup);
