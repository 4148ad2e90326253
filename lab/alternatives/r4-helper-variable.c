/* step: r4
 * right: the answer has a name
 */
const bool moved = raft_maybe_commit(r);

if (moved) {
	raft_bcast_append(r);
}
