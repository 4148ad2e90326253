/* step: r3
 * wrong: swaps the two arguments
 * met: everyone, now and then
 * verdict: compile-error
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(m, r);
