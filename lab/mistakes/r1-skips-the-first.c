/* step: r1
 * wrong: leaves the first entry as it came
 * met: "the first one is the leader's empty entry"
 * verdict: fail
 */
if (i == 0)
	continue;
es[i].term = r->term;
es[i].index = li + 1 + i;
