/* step: e2
 * wrong: steps no message at all: NULL
 * met: "the message has nothing in it anyway"
 * verdict: fail
 * ends: crash
 */
r->election_elapsed = 0;
raft_step(r, NULL);
