/* step: r4
 * right: looks for the largest index that a majority of each half of the configuration has
 */
raft_index i = raft_log_last_index(&r->raft_log);

for (; i > r->raft_log.committed; i--) {
	bool everywhere = true;

	for (int half = 0; half < 2; half++) {
		const struct raft_ids *ids = &r->trk.config.voters.v[half];
		uint32_t have = 0;

		for (uint32_t k = 0; k < ids->len; k++) {
			const struct progress *member = tracker_get(&r->trk, ids->id[k]);

			have += member && member->match >= i;
		}
		if (ids->len > 0 && have <= ids->len / 2)
			everywhere = false;
	}
	if (everywhere && raft_log_zero_term_on_out_of_bounds(&r->raft_log, i) == r->term) {
		raft_log_commit_to(&r->raft_log, i);
		raft_bcast_append(r);
		break;
	}
}
