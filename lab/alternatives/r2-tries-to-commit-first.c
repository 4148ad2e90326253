/* step: r2
 * right: tries to commit first, which is in vain: appending changes no match
 */
raft_maybe_commit(r);
raft_bcast_append(r);
