/* step: r1
 * right: copies the entry out, numbers it and copies it back
 */
struct raft_entry e = es[i];

e.term = r->term, e.index = li + 1 + i;
es[i] = e;
