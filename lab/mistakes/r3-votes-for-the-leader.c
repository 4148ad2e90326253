/* step: r3
 * wrong: sets the vote as well
 * met: vote and leader taken for one thing
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
r->vote = m->from;
raft_handle_append_entries(r, m);
