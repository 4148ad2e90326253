/* step: r1
 * wrong: a comment runs on over the end of the blank
 * met: everyone, now and then
 * verdict: compile-error
 */
es[i].term = r->term;
es[i].index = li + 1 + i; /* no gap
