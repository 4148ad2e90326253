/* step: e2
 * right: all fields begin at zero
 */
struct raft_message hup;

memset(&hup, 0, sizeof(hup));
hup.from = r->id;
hup.type = MSG_HUP;
r->election_elapsed = 0;
raft_step(r, &hup);
