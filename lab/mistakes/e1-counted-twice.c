/* step: e1
 * wrong: one tick counts as two
 * met: a debugging aid to make elections come sooner, forgotten
 * verdict: fail
 */
r->election_elapsed += 2;
