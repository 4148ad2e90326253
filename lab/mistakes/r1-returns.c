/* step: r1
 * wrong: says that all is appended when the first entry is numbered
 * met: a return left over from debugging
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
return true;
