/* step: e6
 * wrong: appends another empty entry
 * met: "a leader appends an empty entry": raft_become_leader has done so
 * verdict: fail
 */
struct raft_entry another = {0};

raft_become_leader(r);
raft_append_entry(r, &another, 1);
raft_bcast_append(r);
