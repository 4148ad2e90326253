/* step: e3
 * wrong: counts its own vote already, before that is on disk
 * met: MIT 6.5840 and TinyKV, where the candidate begins with one vote
 * verdict: fail
 */
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
tracker_record_vote(&r->trk, r->id, true);
