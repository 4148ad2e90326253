/* step: e6
 * wrong: leads in a term in which nobody voted
 * met: "a new leader, a new term"
 * verdict: fail
 */
r->term++;
raft_become_leader(r);
raft_bcast_append(r);
