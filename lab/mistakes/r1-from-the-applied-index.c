/* step: r1
 * wrong: continues after what is applied
 * met: right whenever all is applied
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = r->raft_log.applied + 1 + i;
