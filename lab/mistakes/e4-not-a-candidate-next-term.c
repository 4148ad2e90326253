/* step: e4
 * wrong: asks for votes in a term that it has not entered
 * met: the branch above, with MSG_VOTE in it
 * verdict: fail
 */
vote_msg = MSG_VOTE;
term = r->term + 1;
