/* step: r1
 * wrong: writes entries of the next term
 * met: one added to both numbers
 * verdict: fail
 */
es[i].term = r->term + 1;
es[i].index = li + 1 + i;
