/* step: r1
 * right: li itself counts up; it is set anew behind the loop
 */
es[i].term = r->term;
es[i].index = ++li;
