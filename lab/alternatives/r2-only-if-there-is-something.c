/* step: r2
 * right: there is, for all who are not paused: an entry was appended just now
 */
for (uint32_t i = 0; i < r->trk.progress.len; i++) {
	struct progress *pr = &r->trk.progress.v[i];

	if (pr->id != r->id)
		raft_maybe_send_append(r, pr->id, false);
}
