/* step: e2
 * wrong: a semicolon is missing
 * met: everyone, now and then
 * verdict: compile-error
 */
r->election_elapsed = 0
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
