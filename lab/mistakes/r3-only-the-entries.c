/* step: r3
 * wrong: neither clock nor leader
 * met: one of three things
 * verdict: fail
 */
raft_handle_append_entries(r, m);
