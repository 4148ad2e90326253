/* step: r1
 * wrong: numbers a copy of the entry
 * met: who comes from Go or C++, where e may be a reference
 * verdict: fail
 */
struct raft_entry e = es[i];

e.term = r->term;
e.index = li + 1 + i;
