/* step: e4
 * wrong: enters the next term as a follower that asks for votes
 * met: the reset taken for all there is to it
 * verdict: fail
 */
raft_reset(r, r->term + 1);
vote_msg = MSG_VOTE;
term = r->term;
