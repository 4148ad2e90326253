/* step: r1
 * wrong: moves the pointer along, which the code below still needs
 * met: *es++, an idiom of C at the wrong time
 * verdict: fail
 */
es->term = r->term;
es->index = li + 1 + i;
es++;
