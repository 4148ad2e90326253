/* step: e2
 * right: a message that is allocated, and freed again
 */
struct raft_message *hup = calloc(1, sizeof(*hup));

hup->from = r->id;
hup->type = MSG_HUP;
r->election_elapsed = 0;
raft_step(r, hup);
free(hup);
