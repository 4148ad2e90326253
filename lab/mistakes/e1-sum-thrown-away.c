/* step: e1
 * wrong: computes the new time and does not keep it
 * met: beginners in C; the compiler warns of a value that is not used
 * verdict: fail
 */
r->election_elapsed + 1;
