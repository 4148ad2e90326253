/* step: r4
 * wrong: never tries to commit
 * met: the broadcast taken for the whole step
 * verdict: fail
 */
raft_bcast_append(r);
