/* step: e2
 * wrong: the clock starts at one: the next election comes a tick too early
 * met: "this tick counts already"
 * verdict: fail
 */
r->election_elapsed = 1;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
