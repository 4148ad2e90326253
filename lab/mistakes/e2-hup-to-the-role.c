/* step: e2
 * wrong: gives the MsgHup to r->step, which knows nothing of it, and not to raft_step
 * met: TinyKV's Step() switches on the role first
 * verdict: fail
 */
struct raft_message hup = {.from = r->id, .type = MSG_HUP};

r->election_elapsed = 0;
r->step(r, &hup);
