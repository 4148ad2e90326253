/* step: r1
 * wrong: takes the term of the entry before
 * met: right until the next election
 * verdict: fail
 */
es[i].term = raft_log_last_entry_id(&r->raft_log).term;
es[i].index = li + 1 + i;
