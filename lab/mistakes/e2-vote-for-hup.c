/* step: e2
 * wrong: steps a MsgVote of its own: a node that asks itself
 * met: "ask for votes" read as this step's work
 * verdict: fail
 */
r->election_elapsed = 0;
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_VOTE, .term = r->term + 1});
