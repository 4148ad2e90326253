/* step: e2
 * wrong: sets two fields of a message on the stack; the others hold garbage
 * met: who comes from Go, where all fields begin at zero
 * verdict: fail
 */
struct raft_message hup;

hup.from = r->id;
hup.type = MSG_HUP;
r->election_elapsed = 0;
raft_step(r, &hup);
