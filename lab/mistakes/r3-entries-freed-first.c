/* step: r3
 * wrong: empties the message before it is handled
 * met: who fears a leak
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_message_free(m);
raft_handle_append_entries(r, m);
