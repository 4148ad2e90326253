/* step: e5
 * wrong: answers with the response to another kind of message
 * met: one enumerator for another
 * verdict: fail
 */
raft_send(r, &(struct raft_message){.to = m->from, .type = MSG_APP_RESP});
