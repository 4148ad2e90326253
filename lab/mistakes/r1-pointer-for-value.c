/* step: r1
 * wrong: takes an entry of the array for a pointer
 * met: -> written everywhere
 * verdict: compile-error
 */
es[i]->term = r->term;
es[i]->index = li + 1 + i;
