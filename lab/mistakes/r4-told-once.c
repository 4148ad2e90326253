/* step: r4
 * wrong: tells the first commit, and no other
 * met: right for the first entry only
 * verdict: fail
 */
static bool told;

if (raft_maybe_commit(r) && !told) {
	told = true;
	raft_bcast_append(r);
}
