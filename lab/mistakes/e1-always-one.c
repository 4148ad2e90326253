/* step: e1
 * wrong: sets the clock to one in place of adding one
 * met: "=+ 1" written for "+= 1"
 * verdict: fail
 */
r->election_elapsed =+ 1;
