/* step: e2
 * wrong: gives the MsgHup a term, so that it is taken for another node's
 * met: "a candidate stands for the next term"
 * verdict: fail
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP, .term = r->term + 1});
