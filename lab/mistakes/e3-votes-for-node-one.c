/* step: e3
 * wrong: votes for node 1
 * met: right for node 1, which many a test looks at
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = 1;
r->state = RAFT_STATE_CANDIDATE;
