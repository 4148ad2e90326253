/* step: e2
 * right: an initialiser without names: the type is the first field, and from is not looked at
 */
struct raft_message hup = {MSG_HUP};

r->election_elapsed = 0;
raft_step(r, &hup);
