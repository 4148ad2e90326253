/* step: r3
 * wrong: starts the leader's clock anew
 * met: "heard a heartbeat", so heartbeat_elapsed
 * verdict: fail
 */
r->heartbeat_elapsed = 0;
r->lead = m->from;
raft_handle_append_entries(r, m);
