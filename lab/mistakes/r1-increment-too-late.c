/* step: r1
 * wrong: counts up after it has used the number
 * met: prefix and postfix mixed up
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li++;
