/* step: e3
 * wrong: the state of the other kind of candidate
 * met: raft_become_pre_candidate copied
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_PRE_CANDIDATE;
