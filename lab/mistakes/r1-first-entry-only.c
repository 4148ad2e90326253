/* step: r1
 * wrong: numbers the first entry again and again
 * met: es taken for the entry, as in a loop over values
 * verdict: fail
 */
es->term = r->term;
es->index = li + 1 + i;
