/* step: e6
 * wrong: tells the one whose vote came last
 * met: an answer written where a broadcast is asked for
 * verdict: fail
 */
raft_become_leader(r);
raft_send_append(r, m->from);
