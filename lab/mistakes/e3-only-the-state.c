/* step: e3
 * wrong: sets the state and nothing else
 * met: "become a candidate" taken for a change of name
 * verdict: fail
 */
r->state = RAFT_STATE_CANDIDATE;
