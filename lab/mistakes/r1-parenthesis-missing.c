/* step: r1
 * wrong: a parenthesis is not closed
 * met: everyone, now and then
 * verdict: compile-error
 */
es[i].term = r->term;
es[i].index = (li + 1 + i;
