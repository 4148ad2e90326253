/* step: e2
 * wrong: addresses the local MsgHup
 * met: "a message from the node to itself", taken at its word
 * verdict: pass
 * proof: nobody reads m->to of a message that is stepped: raft_send() alone does
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.to = r->id, .from = r->id, .type = MSG_HUP});
