/* step: r4
 * wrong: tells everybody before there is anything to tell
 * met: statements in an order that seemed as good as any
 * verdict: fail
 */
raft_bcast_append(r);
raft_maybe_commit(r);
