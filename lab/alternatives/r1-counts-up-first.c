/* step: r1
 * right: li itself counts up, in a statement of its own
 */
li++;
es[i].index = li;
es[i].term = r->term;
