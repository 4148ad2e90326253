/* step: e4
 * wrong: becomes the wrong kind of candidate
 * met: copied from the branch above, and mended in two of three lines
 * verdict: fail
 */
raft_become_pre_candidate(r);
vote_msg = MSG_VOTE;
term = r->term;
