/* step: e1
 * right: Windows line ends, C++ comments
 */
// One tick has passed.

r->election_elapsed++;	// that is all
