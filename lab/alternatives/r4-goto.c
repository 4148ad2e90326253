/* step: r4
 * right: jumps over what is not to be done
 */
if (!raft_maybe_commit(r))
	goto nothing_new;
raft_bcast_append(r);
nothing_new:;
