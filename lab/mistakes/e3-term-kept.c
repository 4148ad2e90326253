/* step: e3
 * wrong: resets within the old term
 * met: raft_become_leader's reset copied
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
