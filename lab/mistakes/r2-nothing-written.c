/* step: r2
 * wrong: nothing is written but a comment of another kind
 * met: nothing done yet
 * verdict: not-filled
 */
// raft_bcast_append(r);
