/* step: r2
 * wrong: forgets the node
 * met: who comes from Go, where it is the receiver
 * verdict: compile-error
 */
raft_bcast_append();
