/* step: e2
 * wrong: sets election_timeout to zero in place of the clock
 * met: the fields mixed up
 * verdict: fail
 */
r->election_timeout = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
