/* step: e2
 * wrong: starts one election, and no other
 * met: a flag against "elections again and again"
 * verdict: fail
 */
static bool started;

r->election_elapsed = 0;
if (!started)
	raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
started = true;
