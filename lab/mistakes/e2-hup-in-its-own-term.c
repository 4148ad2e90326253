/* step: e2
 * wrong: gives the local MsgHup the node's own term
 * met: "every message has a term"
 * verdict: pass
 * proof: step_message() only looks whether m->term is above or, being not 0, below r->term; it is
 *        neither, and raft_hup() does not see the message
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP, .term = r->term});
