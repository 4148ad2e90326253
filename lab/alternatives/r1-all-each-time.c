/* step: r1
 * right: numbers the whole batch again for each entry, in a loop of its own
 */
for (size_t k = 0; k < n; k++) {
	es[k].term = r->term;
	es[k].index = li + 1 + k;
}
