/* step: e2
 * wrong: calls the tick in place of stepping a message
 * met: r->tick for r->step, one word for the other
 * verdict: fail
 */
r->election_elapsed = 0;
r->tick(r);
