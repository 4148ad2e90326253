/* step: r4
 * wrong: leaves when nothing has moved: whoever lags behind is not served
 * met: the early return that many a style guide asks for
 * verdict: fail
 */
if (!raft_maybe_commit(r))
	return;
raft_bcast_append(r);
