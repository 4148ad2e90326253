/* step: e3
 * wrong: becomes a follower of the next term, then changes the name
 * met: raft_become_follower "shows the form", so why not call it
 * verdict: fail
 */
raft_become_follower(r, r->term + 1, RAFT_NONE);
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
