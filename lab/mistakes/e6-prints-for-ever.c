/* step: e6
 * wrong: prints without end
 * met: a debugging loop with the wrong condition
 * verdict: fail
 * ends: timeout
 */
raft_become_leader(r);
raft_bcast_append(r);
for (;;)
	printf("leader %llu in term %llu\n", r->id, r->term);
