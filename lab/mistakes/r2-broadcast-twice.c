/* step: r2
 * wrong: sends everybody an empty MsgApp on top
 * met: a line doubled by accident; here nobody is being probed, so nothing holds the second one
 *      back
 * verdict: fail
 */
raft_bcast_append(r);
raft_bcast_append(r);
