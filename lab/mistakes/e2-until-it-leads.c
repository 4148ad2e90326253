/* step: e2
 * wrong: campaigns until it leads, and lets nobody answer: endless
 * met: MIT 6.5840, where one waits in a loop for the votes
 * verdict: fail
 * ends: timeout
 */
r->election_elapsed = 0;
while (r->state != RAFT_STATE_LEADER)
	raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
