/* step: r3
 * right: the leader has a name
 */
const raft_id leader = m->from;

r->election_elapsed = 0;
if (r->lead != leader)
	r->lead = leader;
raft_handle_append_entries(r, m);
