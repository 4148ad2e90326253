/* step: e6
 * wrong: becomes the leader twice: two empty entries
 * met: a line doubled by accident
 * verdict: fail
 */
raft_become_leader(r);
raft_become_leader(r);
raft_bcast_append(r);
