/* step: r3
 * wrong: the clock starts at one: elections come a tick too early
 * met: "this tick counts already"
 * verdict: fail
 */
r->election_elapsed = 1;
r->lead = m->from;
raft_handle_append_entries(r, m);
