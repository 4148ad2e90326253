/* step: r1
 * wrong: counts li up and adds i as well: every second index is left out
 * met: "++li" in the loop, and i left from the first try
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = ++li + i;
