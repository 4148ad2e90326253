/* step: e1
 * right: comments between all tokens
 */
r /* this node */ -> /* its */ election_elapsed /* (the clock) */ += /* by */ 1 /* tick */; // :-)
