/* step: r1
 * wrong: makes a new entry of the two numbers: payload and type are lost
 * met: an initialiser where two assignments were asked for
 * verdict: fail
 */
es[i] = (struct raft_entry){.term = r->term, .index = li + 1 + i};
