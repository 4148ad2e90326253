/* step: r3
 * wrong: sets election_timeout to zero in place of the clock
 * met: the fields mixed up
 * verdict: fail
 */
r->election_timeout = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
