/* step: e4
 * wrong: becomes a candidate and leaves without asking anybody
 * met: the stub's return kept
 * verdict: fail
 */
raft_become_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
return;
