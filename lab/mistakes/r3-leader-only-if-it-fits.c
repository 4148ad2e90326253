/* step: r3
 * wrong: knows no leader and starts no clock when the entries do not fit
 * met: "rejected, so it cannot be the leader"
 * verdict: fail
 */
if (raft_log_match_term(&r->raft_log, (struct entry_id){.term = m->log_term, .index = m->index})) {
	r->election_elapsed = 0;
	r->lead = m->from;
}
raft_handle_append_entries(r, m);
