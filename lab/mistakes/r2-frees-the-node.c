/* step: r2
 * wrong: frees the node
 * met: who would like to see what the grader does
 * verdict: fail
 */
raft_bcast_append(r);
raft_free(r);
