/* step: e3
 * right: the reset finds the term raised; the vote is set afterwards in any case
 */
r->step = raft_step_candidate;
raft_reset(r, ++r->term);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
