/* step: r2
 * wrong: appends the entries a second time
 * met: "append, then broadcast": the code above has appended them
 * verdict: fail
 */
raft_append_entry(r, m->entries.v, m->entries.len);
raft_bcast_append(r);
