/* step: r3
 * wrong: follows a NULL pointer
 * met: m->snapshot taken for granted
 * verdict: fail
 * ends: crash
 */
r->election_elapsed = 0;
r->lead = m->from;
m->commit = m->snapshot->metadata.index;
raft_handle_append_entries(r, m);
