/* step: e3
 * wrong: raises the term after the reset has raised it
 * met: figure 2's steps added to what was there
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->term += 1;
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
