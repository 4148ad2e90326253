/* step: r3
 * wrong: steps the message again, which comes here again: endless recursion
 * met: raft_step of the second step, used again
 * verdict: fail
 * ends: crash
 */
r->election_elapsed = 0;
r->lead = m->from;
raft_step(r, m);
