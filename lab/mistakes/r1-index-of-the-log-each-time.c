/* step: r1
 * wrong: asks the log for its end and forgets that it does not grow within the loop
 * met: right for a batch of one
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = raft_log_last_index(&r->raft_log) + 1;
