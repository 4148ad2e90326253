/* step: r4
 * wrong: counts learners as if they had a vote
 * met: a majority counted by hand: right while all members are voters
 * verdict: fail
 */
size_t have = 0, n = r->trk.progress.len;

tracker_for_each(&r->trk, other)
	have += other->match >= m->index;
if (have > n / 2 && raft_log_maybe_commit(&r->raft_log,
			    (struct entry_id){.term = r->term, .index = m->index}))
	raft_bcast_append(r);
