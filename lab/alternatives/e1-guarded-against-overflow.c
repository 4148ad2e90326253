/* step: e1
 * right: the guard is never needed
 */
if (r->election_elapsed < 2000000000)
	r->election_elapsed++;
