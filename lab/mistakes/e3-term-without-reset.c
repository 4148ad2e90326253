/* step: e3
 * wrong: raises the term by hand; leader, clock, votes and progress of the old one stay
 * met: figure 2 followed to the letter
 * verdict: fail
 */
r->step = raft_step_candidate;
r->term++;
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
