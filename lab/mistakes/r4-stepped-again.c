/* step: r4
 * wrong: steps a copy of the answer once more
 * met: "try again"
 * verdict: pass
 * proof: the second time progress_maybe_update() says no and the follower is no longer being
 *        probed, so step_leader_app_resp() returns at once
 */
struct raft_message again = *m;

if (raft_maybe_commit(r))
	raft_bcast_append(r);
raft_step(r, &again);
