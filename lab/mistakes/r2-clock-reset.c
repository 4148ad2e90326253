/* step: r2
 * wrong: starts the leader's clock anew: the next look at the quorum comes late
 * met: "there is traffic, so all is well"
 * verdict: fail
 */
r->election_elapsed = 0;
raft_bcast_append(r);
