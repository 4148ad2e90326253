/* step: r1
 * wrong: numbers the batch from its end
 * met: an index computed by what is left
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + n - i;
