/* step: r1
 * right: two independent statements in the other order, the sum in another one
 */
es[i].index = i + li + 1;
es[i].term = r->term;
