/* step: e2
 * wrong: raises the term by hand before the campaign does
 * met: MIT 6.5840, where the ticker starts the new term itself
 * verdict: fail
 */
r->election_elapsed = 0;
r->term++;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
