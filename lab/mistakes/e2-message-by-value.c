/* step: e2
 * wrong: gives raft_step() a message where it takes a pointer to one
 * met: lab texts for Go, where messages go by value
 * verdict: compile-error
 */
r->election_elapsed = 0;
raft_step(r, (struct raft_message){.from = r->id, .type = MSG_HUP});
