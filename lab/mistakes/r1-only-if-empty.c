/* step: r1
 * wrong: trusts numbers that came with the entries
 * met: "fill in what is missing"
 * verdict: fail
 */
if (es[i].term == 0)
	es[i].term = r->term;
if (es[i].index == 0)
	es[i].index = li + 1 + i;
