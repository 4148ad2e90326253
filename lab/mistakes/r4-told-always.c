/* step: r4
 * wrong: tells everybody after each answer, moved or not
 * met: the result of raft_maybe_commit not looked at
 * verdict: fail
 */
raft_maybe_commit(r);
raft_bcast_append(r);
