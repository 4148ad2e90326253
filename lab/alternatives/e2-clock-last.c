/* step: e2
 * right: a campaign starts the clock anew itself or leaves it alone, so the order does not matter
 */
raft_step(r, &(struct raft_message){.type = MSG_HUP, .from = r->id});
r->election_elapsed = 0;
