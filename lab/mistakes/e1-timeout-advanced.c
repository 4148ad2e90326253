/* step: e1
 * wrong: advances election_timeout in place of election_elapsed
 * met: the original lab's own instructions say so
 * verdict: fail
 */
r->election_timeout++;
