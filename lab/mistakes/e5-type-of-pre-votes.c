/* step: e5
 * wrong: answers a real vote as if it were a pre-vote
 * met: one enumerator for another
 * verdict: fail
 */
raft_send(r, &(struct raft_message){.to = m->from, .term = m->term, .type = MSG_PRE_VOTE_RESP});
