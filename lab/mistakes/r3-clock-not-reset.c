/* step: r3
 * wrong: the leader was heard of and the clock runs on
 * met: heartbeats hide it while there are heartbeats
 * verdict: fail
 */
r->lead = m->from;
raft_handle_append_entries(r, m);
