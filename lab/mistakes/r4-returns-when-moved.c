/* step: r4
 * wrong: leaves when it has told everybody: waiting reads and a handover are forgotten
 * met: "done", by habit
 * verdict: fail
 */
if (raft_maybe_commit(r)) {
	raft_bcast_append(r);
	return;
}
