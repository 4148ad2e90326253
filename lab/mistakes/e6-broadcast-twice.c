/* step: e6
 * wrong: tells everybody twice
 * met: a line doubled by accident
 * verdict: pass
 * proof: everybody is being probed then, and progress_sent_entries() pauses a probe that took an
 *        entry along (the leader's first one); raft_maybe_send_append() sends nothing while paused
 */
raft_become_leader(r);
raft_bcast_append(r);
raft_bcast_append(r);
