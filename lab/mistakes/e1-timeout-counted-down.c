/* step: e1
 * wrong: counts the timeout down in place of the clock up
 * met: who has written timers that count down to zero (many do in MIT 6.5840)
 * verdict: fail
 */
r->randomized_election_timeout--;
