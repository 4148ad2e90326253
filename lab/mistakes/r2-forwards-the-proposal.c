/* step: r2
 * wrong: forwards the proposal in place of its entries
 * met: the follower's way with a proposal, copied
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	struct raft_message prop = {.to = pr->id, .from = r->id, .type = MSG_PROP};

	if (pr->id == r->id)
		continue;
	raft_entries_append(&prop.entries, m->entries.v, m->entries.len);
	raft_send(r, &prop);
}
