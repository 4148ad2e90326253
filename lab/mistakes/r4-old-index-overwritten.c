/* step: r4
 * wrong: overwrites what the code below compares with: waiting reads are not released
 * met: the variable above the blank kept "up to date"
 * verdict: fail
 */
if (raft_maybe_commit(r))
	raft_bcast_append(r);
committed = r->raft_log.committed;
