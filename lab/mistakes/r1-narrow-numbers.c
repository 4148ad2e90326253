/* step: r1
 * wrong: keeps the term in an int
 * met: "terms are small numbers"
 * verdict: fail
 */
int term = (int)r->term;

es[i].term = (raft_term)term;
es[i].index = li + 1 + i;
