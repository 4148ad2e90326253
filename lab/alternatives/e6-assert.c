/* step: e6
 * right: asserts what is so
 */
#include <assert.h>
assert(r->state == RAFT_STATE_CANDIDATE);
raft_become_leader(r);
assert(r->lead == r->id);
raft_bcast_append(r);
