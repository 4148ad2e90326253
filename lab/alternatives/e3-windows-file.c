/* step: e3
 * right: Windows line ends
 */
/* Figure 2: increment currentTerm,
 * vote for self. */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
