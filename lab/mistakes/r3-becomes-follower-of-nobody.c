/* step: r3
 * wrong: becomes a follower that knows no leader
 * met: raft_become_follower with the wrong argument
 * verdict: fail
 */
raft_become_follower(r, m->term, RAFT_NONE);
raft_handle_append_entries(r, m);
