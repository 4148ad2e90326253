/* step: e2
 * wrong: starts the leader's clock anew in place of this node's
 * met: copied from raft_tick_heartbeat below
 * verdict: fail
 */
r->heartbeat_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
