/* step: r1
 * wrong: mixes the two numbers up
 * met: everyone, now and then
 * verdict: fail
 */
es[i].term = li + 1 + i;
es[i].index = r->term;
