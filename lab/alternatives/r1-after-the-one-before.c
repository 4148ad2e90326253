/* step: r1
 * right: each entry follows the one before
 */
es[i].term = r->term;
es[i].index = i > 0 ? es[i - 1].index + 1 : li + 1;
