/* step: e1
 * right: a local variable in between
 */
const int next = r->election_elapsed + 1;

r->election_elapsed = next;
