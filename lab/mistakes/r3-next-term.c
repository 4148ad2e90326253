/* step: r3
 * wrong: enters a term that nobody asked for
 * met: "a message with entries begins something new"
 * verdict: fail
 */
raft_become_follower(r, m->term + 1, m->from);
raft_handle_append_entries(r, m);
