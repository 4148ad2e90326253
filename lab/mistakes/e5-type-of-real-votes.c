/* step: e5
 * wrong: answers a pre-vote as if it were a real one
 * met: right only without pre-vote
 * verdict: fail
 */
raft_send(r, &(struct raft_message){.to = m->from, .term = m->term, .type = MSG_VOTE_RESP});
