/* step: r3
 * wrong: takes itself for the leader
 * met: m->to for m->from
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->to;
raft_handle_append_entries(r, m);
