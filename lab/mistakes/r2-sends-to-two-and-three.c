/* step: r2
 * wrong: sends to the nodes 2 and 3
 * met: right for node 1 of three
 * verdict: fail
 */
raft_send_append(r, 2);
raft_send_append(r, 3);
