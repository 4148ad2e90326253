/* step: e2
 * wrong: steps a MsgTimeoutNow: a campaign without pre-vote, which a candidate ignores
 * met: the name fits so well
 * verdict: fail
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_TIMEOUT_NOW});
