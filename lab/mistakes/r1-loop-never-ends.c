/* step: r1
 * wrong: sets the counter of the loop back
 * met: a loop within the loop, with the same counter
 * verdict: fail
 * ends: timeout
 */
for (i = 0; i + 1 < n; i++) {
	es[i].term = r->term;
	es[i].index = li + 1 + i;
}
es[i].term = r->term;
es[i].index = li + 1 + i;
i = 0;
