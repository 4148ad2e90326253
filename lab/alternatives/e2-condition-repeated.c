/* step: e2
 * right: the condition around the blank once more
 */
if (raft_past_election_timeout(r)) {
	r->election_elapsed = 0;
	raft_step(r, &(struct raft_message){.from = r->id, .to = r->id, .type = MSG_HUP});
}
