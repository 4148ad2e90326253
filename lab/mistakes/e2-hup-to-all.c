/* step: e2
 * wrong: sends a MsgHup to everybody else
 * met: "tell the cluster that an election is due"
 * verdict: fail
 */
r->election_elapsed = 0;
tracker_for_each(&r->trk, pr) {
	if (pr->id != r->id)
		raft_send(r, &(struct raft_message){.to = pr->id, .type = MSG_HUP});
}
