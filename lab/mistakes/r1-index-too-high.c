/* step: r1
 * wrong: leaves a hole
 * met: one added to be on the safe side
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 2 + i;
