/* step: r2
 * right: alone there is nobody to send to
 */
if (r->trk.progress.len > 1)
	raft_bcast_append(r);
