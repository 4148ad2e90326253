/* step: e2
 * wrong: starts the clock anew and no election
 * met: half of the two things that the step asks for
 * verdict: fail
 */
r->election_elapsed = 0;
