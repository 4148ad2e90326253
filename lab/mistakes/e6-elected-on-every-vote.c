/* step: e6
 * wrong: still takes in messages as a candidate: a late vote elects it again
 * met: a leader made by hand, the step function forgotten
 * verdict: fail
 */
raft_become_leader(r);
r->step = raft_step_candidate;
raft_bcast_append(r);
