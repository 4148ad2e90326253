/* step: r4
 * right: counts for its own pleasure
 */
static unsigned long commits;

if (raft_maybe_commit(r)) {
	commits++;
	raft_bcast_append(r);
}
