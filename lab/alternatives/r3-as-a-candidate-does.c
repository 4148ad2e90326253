/* step: r3
 * right: raft_step_candidate()'s way: the term is the same, so that only clock and leader change,
 *        and a new timeout is drawn
 */
raft_become_follower(r, m->term, m->from);
raft_handle_append_entries(r, m);
