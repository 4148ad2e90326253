/* step: r1
 * wrong: counts the entry's bytes, which the code below counts as well
 * met: who does not read on
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
r->uncommitted_size += es[i].len;
