/* step: r4
 * wrong: waits until all nodes have the entry
 * met: replication taken for agreement of all
 * verdict: fail
 */
raft_index least = m->index;

tracker_for_each(&r->trk, other)
	least = RAFT_MIN(least, other->match);
if (raft_log_maybe_commit(&r->raft_log, (struct entry_id){.term = r->term, .index = least}))
	raft_bcast_append(r);
