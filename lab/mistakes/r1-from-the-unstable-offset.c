/* step: r1
 * wrong: continues after what is on disk
 * met: right while nothing waits for the disk
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = r->raft_log.unstable.offset + i;
