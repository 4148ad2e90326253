/* step: e1
 * wrong: ticks the node from within its tick: endless recursion
 * met: r->tick(r) is how ticks are made everywhere else
 * verdict: fail
 * ends: crash
 */
r->election_elapsed++;
r->tick(r);
