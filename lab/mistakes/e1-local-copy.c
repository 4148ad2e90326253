/* step: e1
 * wrong: advances a copy of the clock
 * met: "to make it more readable"
 * verdict: fail
 */
int election_elapsed = r->election_elapsed;

election_elapsed++;
