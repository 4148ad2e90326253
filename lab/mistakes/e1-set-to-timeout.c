/* step: e1
 * wrong: sets the clock to the timeout, so that an election is due at once
 * met: impatience: now something happens
 * verdict: fail
 */
r->election_elapsed = r->election_timeout;
