/* step: e3
 * wrong: becomes the leader without being elected
 * met: the shortest way to a leader
 * verdict: fail
 */
r->term++;
r->state = RAFT_STATE_CANDIDATE;
raft_become_leader(r);
