/* step: e3
 * right: extensions that gcc and clang know
 */
__typeof__(r->term) next = ({ r->term + 1; });

raft_reset(r, next);
r->step = raft_step_candidate;
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
