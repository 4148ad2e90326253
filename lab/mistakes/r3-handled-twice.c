/* step: r3
 * wrong: handles the message twice: two answers
 * met: a line doubled by accident
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
raft_handle_append_entries(r, m);
