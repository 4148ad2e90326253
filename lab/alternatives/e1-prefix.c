/* step: e1
 * right: prefix or postfix makes no difference in a statement
 */
++r->election_elapsed;
