/* step: e1
 * wrong: the clock wraps around at election_timeout, so that it never gets past it
 * met: a ring counter written by habit
 * verdict: fail
 */
r->election_elapsed = (r->election_elapsed + 1) % r->election_timeout;
