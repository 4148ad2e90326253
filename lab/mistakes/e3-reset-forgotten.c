/* step: e3
 * wrong: no reset: the term stays, and so does all that belonged to it
 * met: five settings, the one that looks least like one overlooked
 * verdict: fail
 */
r->step = raft_step_candidate;
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
