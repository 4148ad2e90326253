/* step: r3
 * right: says that all is well, as the end of the function does
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
return RAFT_OK;
