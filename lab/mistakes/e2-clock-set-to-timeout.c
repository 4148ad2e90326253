/* step: e2
 * wrong: sets the clock to the timeout in place of zero
 * met: the fields mixed up
 * verdict: fail
 */
r->election_elapsed = r->election_timeout;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
