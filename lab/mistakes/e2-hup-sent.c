/* step: e2
 * wrong: sends the MsgHup in place of stepping it
 * met: all other messages go through raft_send
 * verdict: fail
 * ends: panic
 */
r->election_elapsed = 0;
raft_send(r, &(struct raft_message){.to = r->id, .from = r->id, .type = MSG_HUP});
