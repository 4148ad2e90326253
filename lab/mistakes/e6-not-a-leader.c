/* step: e6
 * wrong: tells everybody what it has not become
 * met: one of two lines forgotten
 * verdict: fail
 */
raft_bcast_append(r);
