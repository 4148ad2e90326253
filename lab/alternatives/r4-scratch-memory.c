/* step: r4
 * right: memory of its own, which is freed
 */
bool *moved = malloc(sizeof(*moved));

*moved = raft_maybe_commit(r);
if (*moved)
	raft_bcast_append(r);
free(moved);
