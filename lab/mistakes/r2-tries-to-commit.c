/* step: r2
 * wrong: tries to commit as well
 * met: "a single node has a quorum by itself"
 * verdict: pass
 * proof: the commit index can only move when a match has: step_leader_app_resp() and
 *        switch_to_config() try at once whenever that is so, and appending changes no match
 */
raft_bcast_append(r);
raft_maybe_commit(r);
