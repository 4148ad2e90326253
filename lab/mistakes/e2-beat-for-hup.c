/* step: e2
 * wrong: steps the leader's MsgBeat
 * met: copied from raft_tick_heartbeat below
 * verdict: fail
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_BEAT});
