/* step: e1
 * wrong: compares where it should assign
 * met: beginners in C
 * verdict: fail
 */
r->election_elapsed == r->election_elapsed + 1;
