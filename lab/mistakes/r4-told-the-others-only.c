/* step: r4
 * wrong: tells all but the one whose answer it was
 * met: "it knows already"; it does not
 * verdict: fail
 */
if (raft_maybe_commit(r)) {
	tracker_for_each(&r->trk, other) {
		if (other->id != r->id && other->id != m->from)
			raft_send_append(r, other->id);
	}
}
