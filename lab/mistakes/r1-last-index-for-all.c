/* step: r1
 * wrong: gives the whole batch the last entry's index
 * met: right for a batch of one
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + n;
