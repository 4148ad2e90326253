/* step: r1
 * right: the log does not grow within the loop
 */
es[i].term = r->term;
es[i].index = raft_log_last_index(&r->raft_log) + 1 + i;
