/* step: e6
 * wrong: allows membership changes at once
 * met: "a new leader has none pending"
 * verdict: fail
 */
raft_become_leader(r);
r->pending_conf_index = 0;
raft_bcast_append(r);
