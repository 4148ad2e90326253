/* step: r3
 * wrong: handles the MsgApp as a heartbeat
 * met: the case below copied and not mended
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_heartbeat(r, m);
