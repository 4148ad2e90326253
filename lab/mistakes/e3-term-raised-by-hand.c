/* step: e3
 * wrong: raises the term by hand, so that raft_reset() takes it for the same term
 * met: figure 2's "increment currentTerm", "vote for self"
 * verdict: pass
 * proof: all that raft_reset() omits then is to set the term and to clear the vote; the term is
 *        right already and the vote is set afterwards
 */
r->step = raft_step_candidate;
r->term++;
raft_reset(r, r->term);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
