/* step: r1
 * wrong: counts the entries that are not on disk yet
 * met: two parts of the log, one seen
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = r->raft_log.unstable.entries.len + 1 + i;
