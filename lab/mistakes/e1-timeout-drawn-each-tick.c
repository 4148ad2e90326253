/* step: e1
 * wrong: draws a new random timeout at every tick: elections come too soon
 * met: TinyKV, where the random timeout is the student's own and often drawn in tick()
 * verdict: fail
 */
r->election_elapsed++;
raft_reset_randomized_election_timeout(r);
