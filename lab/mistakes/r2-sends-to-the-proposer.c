/* step: r2
 * wrong: sends to the node that proposed; that may be the leader itself
 * met: an answer written where a broadcast is asked for
 * verdict: fail
 */
raft_send_append(r, m->from);
