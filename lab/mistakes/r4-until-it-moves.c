/* step: r4
 * wrong: waits until the entry is committed: endless
 * met: MIT 6.5840, where one waits on a condition variable
 * verdict: fail
 * ends: timeout
 */
while (!raft_maybe_commit(r))
	;
raft_bcast_append(r);
