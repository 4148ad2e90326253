/* step: r1
 * right: numbers the whole batch in one go, with the outer loop's counter
 */
while (i < n) {
	es[i].term = r->term;
	es[i].index = li + 1 + i;
	i++;
}
