/* step: r1
 * wrong: gives every entry the index of the end of the log
 * met: half of "li + 1 + i"
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li;
