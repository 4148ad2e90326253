/* step: r3
 * wrong: does not remember who leads
 * met: heartbeats hide it from the first one on
 * verdict: fail
 */
r->election_elapsed = 0;
raft_handle_append_entries(r, m);
