/* step: e4
 * wrong: leaves the type of the message as garbage
 * met: the compiler warns: may be used uninitialized
 * verdict: fail
 */
raft_become_candidate(r);
term = r->term;
