/* step: r3
 * right: draws the random timeout once more, from the same range
 */
r->election_elapsed = 0;
raft_reset_randomized_election_timeout(r);
r->lead = m->from;
raft_handle_append_entries(r, m);
