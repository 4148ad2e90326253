/* step: e1
 * right: the same field, by way of a pointer
 */
int *clock_of_node = &r->election_elapsed;

*clock_of_node += 1;
