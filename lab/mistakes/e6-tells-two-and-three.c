/* step: e6
 * wrong: tells the nodes 2 and 3
 * met: right for node 1 of three
 * verdict: fail
 */
raft_become_leader(r);
raft_send_append(r, 2);
raft_send_append(r, 3);
