/* step: e3
 * wrong: asserts what is not so
 * met: <assert.h> used to find out
 * verdict: fail
 * ends: crash
 */
#include <assert.h>
assert(r->lead == RAFT_NONE && r->vote == r->id);
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
