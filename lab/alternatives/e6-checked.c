/* step: e6
 * right: neither check ever fails
 */
if (r->state != RAFT_STATE_LEADER)
	raft_become_leader(r);
if (r->state == RAFT_STATE_LEADER)
	raft_bcast_append(r);
