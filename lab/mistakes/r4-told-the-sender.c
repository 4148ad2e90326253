/* step: r4
 * wrong: tells the one whose answer it was
 * met: an answer written where a broadcast is asked for
 * verdict: fail
 */
if (raft_maybe_commit(r) && m->from != r->id)
	raft_send_append(r, m->from);
