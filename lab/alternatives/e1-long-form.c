/* step: e1
 * right: the same sum, written out
 */
r->election_elapsed = r->election_elapsed + 1;
