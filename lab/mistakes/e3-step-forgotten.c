/* step: e3
 * wrong: the step function is not set: a follower's it stays
 * met: five settings, one overlooked
 * verdict: fail
 */
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
