/* step: e6
 * wrong: sends heartbeats by way of a MsgBeat
 * met: the form of raft_tick_heartbeat copied
 * verdict: fail
 */
raft_become_leader(r);
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_BEAT});
