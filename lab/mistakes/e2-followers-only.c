/* step: e2
 * wrong: a candidate whose election came to nothing does not try again
 * met: "a follower that times out becomes a candidate"
 * verdict: fail
 */
if (r->state == RAFT_STATE_FOLLOWER) {
	r->election_elapsed = 0;
	raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
}
