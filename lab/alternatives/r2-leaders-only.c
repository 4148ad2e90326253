/* step: r2
 * right: only a leader comes here
 */
if (r->state == RAFT_STATE_LEADER && r->lead == r->id)
	raft_bcast_append(r);
