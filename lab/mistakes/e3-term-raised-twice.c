/* step: e3
 * wrong: raises the term by hand and by the reset
 * met: figure 2's "increment currentTerm", and then the form of raft_become_follower
 * verdict: fail
 */
r->step = raft_step_candidate;
r->term++;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
