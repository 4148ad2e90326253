/* step: r1
 * wrong: appends each entry itself; all of them are appended again below, even if they are too
 *        many
 * met: who does not read on
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
raft_log_append(&r->raft_log, &es[i], 1);
