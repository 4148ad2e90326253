/* step: r1
 * wrong: leaves the loop after the first entry
 * met: a break left over from debugging
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
break;
