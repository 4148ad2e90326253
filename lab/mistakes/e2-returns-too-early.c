/* step: e2
 * wrong: returns between the two things it has to do
 * met: a return left over from debugging
 * verdict: fail
 */
r->election_elapsed = 0;
if (r->election_elapsed == 0)
	return;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
