/* step: r3
 * wrong: handles the MsgApp as a snapshot
 * met: the wrong case below copied
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_handle_snapshot(r, m);
