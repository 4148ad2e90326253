/* step: r3
 * right: the term and the role are what they are
 */
r->term = m->term;
r->state = RAFT_STATE_FOLLOWER;
r->election_elapsed = r->heartbeat_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
