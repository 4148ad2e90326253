/* step: r1
 * wrong: continues after what is committed, not after what is there
 * met: right whenever all is committed
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = r->raft_log.committed + 1 + i;
