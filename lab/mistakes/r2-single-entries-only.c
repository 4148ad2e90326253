/* step: r2
 * wrong: sends only proposals of one entry
 * met: right for every test that proposes one
 * verdict: fail
 */
if (m->entries.len == 1)
	raft_bcast_append(r);
