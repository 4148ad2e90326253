/* step: r3
 * wrong: clears the vote when a leader is known
 * met: "the election is over"
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
r->vote = RAFT_NONE;
raft_handle_append_entries(r, m);
