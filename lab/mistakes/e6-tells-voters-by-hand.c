/* step: e6
 * wrong: sends a MsgApp that says nothing: no entry, no place in the log
 * met: a message made by hand where there is a function
 * verdict: fail
 */
raft_become_leader(r);
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id)
		raft_send(r, &(struct raft_message){.to = pr->id, .type = MSG_APP});
}
