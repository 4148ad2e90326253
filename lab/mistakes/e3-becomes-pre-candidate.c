/* step: e3
 * wrong: becomes the other kind of candidate
 * met: the neighbouring function called
 * verdict: fail
 */
raft_become_pre_candidate(r);
