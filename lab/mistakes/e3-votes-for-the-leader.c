/* step: e3
 * wrong: votes for the leader it knew
 * met: r->lead for r->id
 * verdict: fail
 */
raft_id lead = r->lead;

r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = lead;
r->state = RAFT_STATE_CANDIDATE;
