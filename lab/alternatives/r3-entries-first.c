/* step: r3
 * right: the handler looks at neither leader nor clock, and leaves m->from as it is
 */
raft_handle_append_entries(r, m);
r->lead = m->from;
r->election_elapsed = 0;
