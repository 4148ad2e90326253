/* step: e6
 * right: a variable that is only there for the debugger
 */
int votes __attribute__((unused)) = granted;

raft_become_leader(r);
raft_bcast_append(r);
