/* step: e5
 * wrong: answers with the type of the request
 * met: m->type without the function around it
 * verdict: fail
 */
raft_send(r, &(struct raft_message){.to = m->from, .term = m->term, .type = m->type});
