/* step: e6
 * wrong: returns before it tells anybody
 * met: a return left over from debugging
 * verdict: fail
 */
raft_become_leader(r);
if (r->state == RAFT_STATE_LEADER)
	return;
raft_bcast_append(r);
