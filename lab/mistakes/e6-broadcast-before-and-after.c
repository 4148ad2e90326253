/* step: e6
 * wrong: tells everybody before and after
 * met: both orders tried, both left in
 * verdict: fail
 */
raft_bcast_append(r);
raft_become_leader(r);
raft_bcast_append(r);
