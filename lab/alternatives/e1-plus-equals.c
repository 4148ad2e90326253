/* step: e1
 * right: the same sum, written otherwise
 */
r->election_elapsed += 1;
