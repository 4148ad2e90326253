/* step: e2
 * wrong: becomes a candidate and asks nobody
 * met: "a follower that times out becomes a candidate", and no more of the sentence
 * verdict: fail
 */
r->election_elapsed = 0;
raft_become_candidate(r);
