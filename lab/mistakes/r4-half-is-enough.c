/* step: r4
 * wrong: commits what half of the nodes have, rounded down
 * met: n/2 for n/2 + 1
 * verdict: fail
 */
uint32_t have = 0;

tracker_for_each(&r->trk, other)
	have += other->match >= m->index;
if (have >= r->trk.progress.len / 2 &&
	raft_log_maybe_commit(
		&r->raft_log, (struct entry_id){.term = r->term, .index = m->index}))
	raft_bcast_append(r);
