/* step: r3
 * wrong: sets the clock to the timeout in place of zero
 * met: the fields mixed up; a timer set to its duration
 * verdict: fail
 */
r->election_elapsed = r->election_timeout;
r->lead = m->from;
raft_handle_append_entries(r, m);
