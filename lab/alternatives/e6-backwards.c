/* step: e6
 * right: the order of messages to different nodes does not matter
 */
raft_become_leader(r);
for (uint32_t i = r->trk.progress.len; i-- > 0;) {
	if (r->trk.progress.v[i].id != r->id)
		raft_send_append(r, r->trk.progress.v[i].id);
}
