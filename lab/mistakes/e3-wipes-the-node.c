/* step: e3
 * wrong: clears the whole node
 * met: "a candidate starts afresh"
 * verdict: fail
 */
raft_id id = r->id;

memset(r, 0, sizeof(*r));
r->id = id;
