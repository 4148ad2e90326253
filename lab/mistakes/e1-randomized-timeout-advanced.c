/* step: e1
 * wrong: advances randomized_election_timeout in place of the clock
 * met: the three fields stand next to each other and sound alike
 * verdict: fail
 */
r->randomized_election_timeout++;
