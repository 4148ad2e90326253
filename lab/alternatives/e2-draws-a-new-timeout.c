/* step: e2
 * right: draws the random timeout once more, from the same range, as many a tick of raft does
 */
r->election_elapsed = 0;
raft_reset_randomized_election_timeout(r);
raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
