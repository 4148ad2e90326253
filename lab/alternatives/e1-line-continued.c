/* step: e1
 * right: a statement over two lines, and a comment that goes on by a backslash
 */
// the clock \
   r->election_timeout++;
r->election_elapsed \
	++;
