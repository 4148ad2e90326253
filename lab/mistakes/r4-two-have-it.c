/* step: r4
 * wrong: commits what two nodes have
 * met: right for three nodes only
 * verdict: fail
 */
int have = 0;

tracker_for_each(&r->trk, other)
	have += other->match >= m->index;
if (have >= 2 && raft_log_maybe_commit(&r->raft_log,
			 (struct entry_id){.term = r->term, .index = m->index}))
	raft_bcast_append(r);
