/* step: e6
 * wrong: proposes an empty entry of its own: a second one
 * met: the lab of MIT 6.5840's no-op, done by hand
 * verdict: fail
 */
struct raft_message prop = {.from = r->id, .type = MSG_PROP};
struct raft_entry another = {0};

raft_become_leader(r);
raft_entries_push(&prop.entries, &another);
raft_step(r, &prop);
