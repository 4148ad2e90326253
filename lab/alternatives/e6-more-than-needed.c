/* step: e6
 * right: says again who leads
 */
raft_become_leader(r);
r->lead = r->id;
r->state = RAFT_STATE_LEADER;
raft_bcast_append(r);
