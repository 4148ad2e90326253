/* step: e3
 * right: a pre-candidate has the step and tick functions of a candidate
 */
raft_become_pre_candidate(r);
raft_reset(r, r->term + 1);
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
