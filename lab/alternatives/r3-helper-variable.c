/* step: r3
 * right: the leader has a name
 */
r->election_elapsed = 0;
const raft_id leader = m->from;
if (r->lead != leader)
	r->lead = leader;
raft_handle_append_entries(r, m);
