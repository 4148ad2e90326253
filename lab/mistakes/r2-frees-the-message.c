/* step: r2
 * wrong: frees the message, which stands on its caller's stack
 * met: "the message is consumed", so it must be freed
 * verdict: fail
 * ends: crash
 */
raft_bcast_append(r);
free(m);
