/* step: e2
 * right: nothing comes behind the blank
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
return;
