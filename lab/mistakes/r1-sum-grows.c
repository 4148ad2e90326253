/* step: r1
 * wrong: adds a growing number to a growing number
 * met: right for the first two of an empty log
 * verdict: fail
 */
li += 1 + i;
es[i].term = r->term;
es[i].index = li;
