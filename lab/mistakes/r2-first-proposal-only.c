/* step: r2
 * wrong: sends the first proposal, and no other
 * met: a flag left over from debugging
 * verdict: fail
 */
static bool sent;

if (!sent)
	raft_bcast_append(r);
sent = true;
