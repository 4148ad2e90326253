/* step: r2
 * wrong: sends the entries and says that the proposal was dropped
 * met: the lines above copied with their return
 * verdict: fail
 */
raft_bcast_append(r);
return RAFT_ERR_PROPOSAL_DROPPED;
