/* step: e5
 * wrong: leaves the term to raft_send(), which refuses to guess it
 * met: all other answers do so
 * verdict: fail
 * ends: panic
 */
raft_send(r, &(struct raft_message){.to = m->from, .type = raft_vote_resp_msg_type(m->type)});
