/* step: r2
 * wrong: leaves the last member out
 * met: off by one in a loop over members
 * verdict: fail
 */
for (uint32_t i = 0; i + 1 < r->trk.progress.len; i++) {
	if (r->trk.progress.v[i].id != r->id)
		raft_send_append(r, r->trk.progress.v[i].id);
}
