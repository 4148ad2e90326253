/* step: e6
 * wrong: sets the fields of a leader by itself and forgets its first entry
 * met: the form of Election Step3 carried on
 * verdict: fail
 */
r->step = raft_step_leader;
raft_reset(r, r->term);
r->tick = raft_tick_heartbeat;
r->lead = r->id;
r->state = RAFT_STATE_LEADER;
raft_bcast_append(r);
