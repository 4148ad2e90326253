/* step: r1
 * wrong: writes entries of term 1
 * met: right in the first leader's term
 * verdict: fail
 */
es[i].term = 1;
es[i].index = li + 1 + i;
