/* step: r4
 * right: an expression in place of a statement
 */
raft_maybe_commit(r) ? raft_bcast_append(r) : (void)0;
