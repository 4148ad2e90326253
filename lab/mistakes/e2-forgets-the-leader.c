/* step: e2
 * wrong: raft_reset() also forgets the leader, even if the MsgHup is then refused
 * met: reset() as the way to start the clock anew
 * verdict: fail
 */
raft_reset(r, r->term);
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
