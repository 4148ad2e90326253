/* step: e2
 * wrong: steps two MsgHup
 * met: a line doubled by accident
 * verdict: fail
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
