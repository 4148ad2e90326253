/* step: e3
 * right: a macro with arguments
 */
#define BE(what, value) (r->what = (value))
raft_reset(r, r->term + 1);
BE(step, raft_step_candidate);
BE(tick, raft_tick_election);
BE(vote, r->id);
BE(state, RAFT_STATE_CANDIDATE);
#undef BE
