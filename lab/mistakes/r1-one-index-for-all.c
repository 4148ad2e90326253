/* step: r1
 * wrong: gives the whole batch the first entry's index
 * met: right for a batch of one, and most proposals are
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1;
