/* step: r1
 * wrong: makes every entry a normal one: a membership change is never carried out
 * met: "all fields set, to be tidy"
 * verdict: fail
 */
es[i].type = RAFT_ENTRY_NORMAL;
es[i].term = r->term;
es[i].index = li + 1 + i;
