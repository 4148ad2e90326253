/* step: r2
 * wrong: makes the MsgApp by hand, without its place in the log, and tells flow control nothing
 * met: TinyKV, where sendAppend() is the student's own
 * verdict: fail
 */
tracker_for_each(&r->trk, pr) {
	struct raft_message app = {.to = pr->id, .type = MSG_APP};

	if (pr->id == r->id)
		continue;
	raft_entries_append(&app.entries, m->entries.v, m->entries.len);
	raft_send(r, &app);
}
