/* step: r3
 * right: Windows line ends
 */
r->election_elapsed = 0; // heard of
r->lead = m->from;       // who leads

raft_handle_append_entries(r, m);
