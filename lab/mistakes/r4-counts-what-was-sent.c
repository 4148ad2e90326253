/* step: r4
 * wrong: counts what was sent to a follower, not what it has
 * met: next for match
 * verdict: fail
 */
size_t have = 0, n = r->trk.progress.len;

tracker_for_each(&r->trk, other)
	have += other->next > m->index;
if (have > n / 2 && raft_log_maybe_commit(&r->raft_log,
			    (struct entry_id){.term = r->term, .index = m->index}))
	raft_bcast_append(r);
