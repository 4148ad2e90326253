/* step: r1
 * right: a pointer to the entry
 */
struct raft_entry *e = &es[i];

e->term = r->term;
e->index = li + (raft_index)i + 1;
