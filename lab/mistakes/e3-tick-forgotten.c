/* step: e3
 * wrong: the tick function is not set
 * met: five settings, one overlooked; it is the follower's as well, so all seems to go on
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
