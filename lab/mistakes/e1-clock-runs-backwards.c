/* step: e1
 * wrong: takes one off in place of adding one
 * met: who thinks of the clock as time that is left
 * verdict: fail
 */
r->election_elapsed--;
