/* step: r1
 * right: a continue where the loop's body ends anyway
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
continue;
