/* step: e6
 * wrong: becomes a follower of itself
 * met: raft_become_follower(r, term, leader) read as "make this one the leader"
 * verdict: fail
 */
raft_become_follower(r, r->term, r->id);
raft_bcast_append(r);
