/* step: r3
 * right: independent statements in another order
 */
r->lead = m->from;
r->election_elapsed = 0;
raft_handle_append_entries(r, m);
