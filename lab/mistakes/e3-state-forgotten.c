/* step: e3
 * wrong: does all that a candidate does and stays a follower by name
 * met: five settings, one overlooked
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
