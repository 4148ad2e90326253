/* step: r3
 * wrong: forgets the leader when it has handled the entries
 * met: raft_become_follower in the wrong place
 * verdict: fail
 */
r->lead = m->from;
raft_handle_append_entries(r, m);
raft_become_follower(r, r->term, RAFT_NONE);
