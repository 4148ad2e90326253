/* step: e2
 * wrong: campaigns only if no leader is known: a lost leader is never replaced
 * met: who trusts r->lead more than the clock
 * verdict: fail
 */
r->election_elapsed = 0;
if (r->lead == RAFT_NONE)
	raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
