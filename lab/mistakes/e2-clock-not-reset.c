/* step: e2
 * wrong: the clock is not started anew: a pre-candidate campaigns again at every tick
 * met: goes unnoticed without pre-vote, where raft_reset() does it later
 * verdict: fail
 */
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
