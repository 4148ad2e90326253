/* step: e5
 * wrong: calls a function that there is not
 * met: guessed by the sound of it
 * verdict: compile-error
 */
raft_send_vote_response(r, m->from, m->term, false);
