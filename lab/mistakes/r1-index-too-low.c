/* step: r1
 * wrong: begins at the last index that is taken: the last entry is overwritten
 * met: "li is the last index", read as the next one
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + i;
