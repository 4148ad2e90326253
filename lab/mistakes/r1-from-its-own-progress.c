/* step: r1
 * wrong: continues after what the leader has acknowledged to itself
 * met: right when each proposal waits for the disk before the next comes
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = tracker_get(&r->trk, r->id)->match + 1 + i;
