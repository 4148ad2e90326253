/* step: e2
 * wrong: enters the next term before the campaign, which enters one of its own
 * met: raft_become_follower as the way to clear everything
 * verdict: fail
 */
raft_become_follower(r, r->term + 1, RAFT_NONE);
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
