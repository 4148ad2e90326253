/* step: e3
 * right: a follower of the next term without a leader differs from a candidate in step, vote and
 *        state
 */
raft_become_follower(r, r->term + 1, RAFT_NONE);
r->step = raft_step_candidate;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
