/* step: e1
 * right: a block that runs once
 */
do {
	r->election_elapsed++;
} while (0);
