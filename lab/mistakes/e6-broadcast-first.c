/* step: e6
 * wrong: tells everybody before it is the leader, and so without the first entry
 * met: statements in an order that seemed as good as any
 * verdict: fail
 */
raft_bcast_append(r);
raft_become_leader(r);
